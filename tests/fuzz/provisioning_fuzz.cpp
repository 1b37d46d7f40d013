/// Input: a line with the HTTP status, then the body of the provisioning service's answer.
#include <charconv>
#include <string>

#include "daemon/uplink/provisioning.hpp"
#include "require.hpp"

namespace fieldlink::fuzz {
namespace {

HttpAnswer answer_from(std::string_view input) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    HttpAnswer answer;
    std::from_chars(input.data(), input.data() + end, answer.status);
    answer.body = input.substr(std::min(end + 1, input.size()));
    return answer;
}

bool may_stand_in_a_url(char c) {
    constexpr std::string_view kMarks = "-._~%=";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
}

void require_query(const std::string& query) {
    require(query.rfind("token=", 0) == 0 && query.size() > 6, "the query is a token");
    require(query.find('=') == query.rfind('='), "a token adds no parameter of its own");
    for (const char c : query)
        require(may_stand_in_a_url(c), "a token is escaped");
}

void run(std::string_view input) {
    const HttpAnswer answer = answer_from(input);
    const CredentialAnswer credential = read_provisioning_answer(answer);
    require(credential.query.empty() != credential.error.empty(), "there is a token, or a reason why there is none");
    require(credential.query.empty() || answer.status == 200, "only 200 brings a token");
    if (!credential.query.empty()) require_query(credential.query);
    require_one_line(credential.error);
    const bool refused = answer.status == 401 || answer.status == 403;
    if (!credential.error.empty())
        require((credential.trouble == Trouble::provisioning_refused) == refused, "only 401 and 403 are a refusal");
}

}  // namespace
}  // namespace fieldlink::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    fieldlink::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
