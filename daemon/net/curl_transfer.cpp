#include "daemon/net/curl_transfer.hpp"

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace fieldlink {
namespace {

struct UrlCleanup {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
        throw std::runtime_error("the URL is not of the form https://host/path");
    std::string copy = text;
    curl_free(text);
    return copy;
}

/// The variables that libcurl reads for https://, of which the lower case comes first.
bool environment_has_a_proxy() {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        if (const char* const value = std::getenv(name); value && *value) return true;
    return false;
}

}  // namespace

CurlTransfer::CurlTransfer(boost::asio::io_context& io, const std::string& url, const Route& route, LastAddress& last)
    : trust_(route), last_(last), loop_(io) {
    find_server(url);
    set_proxy(route.proxy);
    set_address();
    if (secure_) set_tls();
    curl_easy_setopt(easy(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy(), CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy(), CURLOPT_USERAGENT, "fieldlink");
    curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy(), CURLOPT_QUICK_EXIT, 1L);  // a resolver thread that hangs must not hang the loop
    curl_easy_setopt(easy(), CURLOPT_ERRORBUFFER, error_text_);
    curl_easy_setopt(easy(), CURLOPT_SOCKOPTFUNCTION, &CurlTransfer::on_socket);
    curl_easy_setopt(easy(), CURLOPT_SOCKOPTDATA, this);
}

void CurlTransfer::watch(Step step, Tune tune) {
    step_ = std::move(step);
    tune_ = tune;
}

CurlTransfer::~CurlTransfer() {
    if (!concluded_ && !connecting_ && !proxied_) last_.not_resolved();
}

void CurlTransfer::find_server(const std::string& url) {
    const std::unique_ptr<CURLU, UrlCleanup> parts(curl_url());
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        throw std::runtime_error("the URL is not of the form https://host/path");
    secure_ = part_of(parts.get(), CURLUPART_SCHEME) == "https";
    host_ = part_of(parts.get(), CURLUPART_HOST);
    port_ = part_of(parts.get(), CURLUPART_PORT);
}

/// Plain connections are to this machine only, which no proxy reaches.
void CurlTransfer::set_proxy(const std::string& configured) {
    if (!secure_) {
        curl_easy_setopt(easy(), CURLOPT_PROXY, "");
        return;
    }
    proxied_ = !configured.empty() || environment_has_a_proxy();
    // Not Negotiate: Kerberos asks its servers, and blocks meanwhile.
    curl_easy_setopt(easy(), CURLOPT_PROXYAUTH, CURLAUTH_ANY & ~CURLAUTH_NEGOTIATE);
    if (configured.empty()) return;
    curl_easy_setopt(easy(), CURLOPT_PROXY, configured.c_str());
    curl_easy_setopt(easy(), CURLOPT_NOPROXY, "");  // NO_PROXY belongs to the environment's proxy
}

void CurlTransfer::set_address() {
    const std::string address = proxied_ ? "" : last_.begin(host_ + ":" + port_);
    if (address.empty()) return;
    const std::string entry = host_ + ":" + port_ + ":" + address;
    addresses_.reset(curl_slist_append(nullptr, entry.c_str()));
    curl_easy_setopt(easy(), CURLOPT_RESOLVE, addresses_.get());
}

void CurlTransfer::set_tls() {
    if (curl_easy_setopt(easy(), CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::on_tls) != CURLE_OK)
        throw std::runtime_error("this machine's libcurl does not use OpenSSL; install libcurl4");
    curl_easy_setopt(easy(), CURLOPT_SSL_CTX_DATA, this);
    curl_easy_setopt(easy(), CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy(), CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYHOST, 2L);
    // ServerTrust brings its own authorities, read anew each time, and checks the whole chain each time.
    for (const CURLoption theirs : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
        curl_easy_setopt(easy(), theirs, nullptr);
    curl_easy_setopt(easy(), CURLOPT_CA_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(easy(), CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

int CurlTransfer::on_socket(void* self, curl_socket_t fd, curlsocktype purpose) {
    CurlTransfer& transfer = *static_cast<CurlTransfer*>(self);
    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKOPT_OK;
    if (transfer.tune_) transfer.tune_(fd);
    if (!std::exchange(transfer.connecting_, true)) transfer.begin(OpenStep::connecting);
    return CURL_SOCKOPT_OK;
}

CURLcode CurlTransfer::on_tls(CURL*, void* context, void* self) {
    CurlTransfer& transfer = *static_cast<CurlTransfer*>(self);
    if (!std::exchange(transfer.securing_, true)) transfer.begin(OpenStep::securing);
    return transfer.trust_.apply(static_cast<SSL_CTX*>(context)) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

void CurlTransfer::begin(OpenStep step) {
    if (step_) step_(step);
}

void CurlTransfer::reached() {
    concluded_ = true;
    error_text_[0] = '\0';
    char* address = nullptr;
    curl_easy_getinfo(easy(), CURLINFO_PRIMARY_IP, &address);
    if (!secure_ || proxied_ || !address) return;
    const bool is_ipv6 = std::strchr(address, ':') != nullptr;
    last_.reached(host_ + ":" + port_, is_ipv6 ? "[" + std::string(address) + "]" : address);
}

long CurlTransfer::number(CURLINFO info) const {
    long value = 0;
    curl_easy_getinfo(easy(), info, &value);
    return value;
}

}  // namespace fieldlink
