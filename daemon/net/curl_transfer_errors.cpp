#include <cstring>
#include <system_error>

#include "daemon/net/curl_transfer.hpp"

namespace fieldlink {
namespace {

constexpr long kProxyWantsLogin = 407;

bool is_about_tls(CURLcode code) {
    switch (code) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return true;
        default:
            return false;
    }
}

bool is_refusal(long connect_status) {
    return connect_status != 0 && connect_status / 100 != 2;
}

/// An IPv6 address stands in brackets in a URL, and without them in libcurl's texts.
std::string in_text(const std::string& host) {
    return host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

OpenFault CurlTransfer::where(CURLcode code) const {
    if (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY || is_refusal(number(CURLINFO_HTTP_CONNECTCODE)))
        return OpenFault::proxy;
    if (securing_ || is_about_tls(code)) return OpenFault::tls;
    // Behind a proxy it is the proxy that was not reached, unless NO_PROXY says that this server has none.
    const std::string server = in_text(host_) + " port " + port_;
    const bool names_server = std::strstr(error_text_, server.c_str()) != nullptr;
    if (proxied_ && code != CURLE_COULDNT_RESOLVE_HOST && !names_server) return OpenFault::proxy;
    return connecting_ && code != CURLE_COULDNT_RESOLVE_HOST ? OpenFault::connect : OpenFault::resolve;
}

Unreached CurlTransfer::why_not(CURLcode code) {
    const OpenFault fault = where(code);
    concluded_ = true;
    if (fault == OpenFault::resolve) last_.not_resolved();
    const bool in_time = code != CURLE_OPERATION_TIMEDOUT;
    switch (fault) {
        case OpenFault::proxy:
            return {fault, proxy_text(code)};
        case OpenFault::resolve:
            return {fault, "the name " + host_ + (in_time ? " cannot be resolved" : " was not resolved: timed out")};
        default:
            if (in_time) return {fault, fault == OpenFault::tls ? tls_text(code) : connect_text(code)};
            return {fault, host_ + ":" + port_ + " timed out"};
    }
}

/// libcurl quotes a proxy's URL, password and all, when it does not understand it: its own texts are of no use here.
std::string CurlTransfer::proxy_text(CURLcode code) const {
    const long status = number(CURLINFO_HTTP_CONNECTCODE);
    if (status == kProxyWantsLogin)
        return "the proxy wants a user and a password (HTTP 407): set https_proxy=http://USER:PASSWORD@HOST:PORT in "
               "the service's environment instead of uplink.proxy";
    if (is_refusal(status))
        return "the proxy does not connect us to " + host_ + ":" + port_ + " (HTTP " + std::to_string(status) +
               "): let it allow that";
    const std::string why = system_text();
    return "the proxy: " + (why.empty() ? curl_easy_strerror(code) : why);
}

std::string CurlTransfer::tls_text(CURLcode code) const {
    if (!trust_.error().empty()) return trust_.error();
    if (code == CURLE_PEER_FAILED_VERIFICATION) return "the certificate is for another host: " + said(code);
    return said(code);
}

std::string CurlTransfer::connect_text(CURLcode code) const {
    const std::string why = system_text();
    return host_ + ":" + port_ + ": " + (why.empty() ? said(code) : why);
}

std::string CurlTransfer::said(CURLcode code) const {
    return error_text_[0] ? error_text_ : curl_easy_strerror(code);
}

std::string CurlTransfer::system_text() const {
    const long error = number(CURLINFO_OS_ERRNO);
    return error == 0 ? "" : std::generic_category().message(static_cast<int>(error));
}

}  // namespace fieldlink
