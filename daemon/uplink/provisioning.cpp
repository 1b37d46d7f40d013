#include "daemon/uplink/provisioning.hpp"

#include <algorithm>

#include "config/secret.hpp"
#include "daemon/json/reader.hpp"

namespace fieldlink {
namespace {

constexpr std::size_t kMaxToken = 16 * 1024;  // servers take no longer request line
constexpr std::chrono::seconds kLongestRest = std::chrono::hours(1);

CredentialAnswer failed(Trouble trouble, std::string error) {
    return {"", trouble, std::move(error), {}};
}

std::string looks_like_html(const std::string& body) {
    const std::size_t begin = body.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || body[begin] != '<') return "";
    return " (it is a web page: a login portal or a wrong address?)";
}

CredentialAnswer read_token(const std::string& body) {
    const JsonDocument document(body);
    if (!document.valid())
        return failed(Trouble::provisioning_failed,
                      "the answer is no JSON: " + document.error() + looks_like_html(body));
    const auto token = document.root()["token"].string();
    if (!token || token->empty())
        return failed(Trouble::provisioning_failed, R"(the answer has no token; expected {"token":"…"})");
    if (token->size() > kMaxToken) return failed(Trouble::provisioning_failed, "the token is longer than 16 KiB");
    return {query_parameter("token", *token), {}, "", {}};
}

}  // namespace

Provisioning::Provisioning(boost::asio::io_context& io, ProvisionConfig config, Route route)
    : config_(std::move(config)), http_(io, std::move(route)), postbox_(io) {}

void Provisioning::fetch(Done done) {
    postbox_.post([this, done = std::move(done)] { ask(done); });
}

void Provisioning::cancel() {
    postbox_.forget();
    http_.cancel();
}

void Provisioning::ask(const Done& done) {
    HttpRequest request;
    try {
        request.bearer = read_secret(config_.secret);
    } catch (const SecretError& error) {
        done(failed(Trouble::secret_unreadable, error.what()));
        return;
    }
    request.url = config_.url;
    request.timeout = config_.timeout;
    http_.start(request, [done](const HttpAnswer& answer) { done(read_provisioning_answer(answer)); });
}

CredentialAnswer read_provisioning_answer(const HttpAnswer& answer) {
    const std::string status = "it answered HTTP " + std::to_string(answer.status);
    const bool by_proxy = answer.fault == OpenFault::proxy;
    if (!answer.error.empty())
        return failed(by_proxy ? Trouble::proxy_failed : Trouble::provisioning_failed, answer.error);
    if (answer.status == 401 || answer.status == 403) return failed(Trouble::provisioning_refused, status);
    if (answer.status >= 300 && answer.status < 400)
        return failed(Trouble::provisioning_failed, status + ", a redirect, which is not followed with the secret");
    if (answer.status == 429 || answer.status == 503)
        return {"", Trouble::provisioning_failed, status, std::min(answer.retry_after, kLongestRest)};
    if (answer.status != 200) return failed(Trouble::provisioning_failed, status);
    return read_token(answer.body);
}

}  // namespace fieldlink
