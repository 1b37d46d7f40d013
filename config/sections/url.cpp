#include "config/sections/url.hpp"

#include <algorithm>
#include <cctype>

#include <arpa/inet.h>

#include "config/yaml/quantity.hpp"
#include "config/yaml/scalars.hpp"

namespace fieldlink {
namespace {

constexpr std::int64_t kHighestPort = 65'535;

bool is_port(std::string_view text) {
    const auto port = parse_whole(text);
    return port && *port >= 1 && *port <= kHighestPort;
}

bool is_address(int family, std::string_view text) {
    in6_addr address{};
    return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

bool is_host_letter(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) || letter == '.' || letter == '-' || letter == '_';
}

bool is_host_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_host_letter);
}

bool is_url_letter(char letter) {
    return letter > ' ' && letter < 0x7F;
}

/// HOST[:PORT] or [IPV6][:PORT].
bool split_host(std::string_view text, Url& url) {
    const bool bracketed = !text.empty() && text[0] == '[';
    const std::size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == std::string_view::npos) return false;
    url.host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    if (bracketed ? !is_address(AF_INET6, url.host) : !is_host_name(url.host)) return false;
    text.remove_prefix(bracketed ? end + 1 : end);
    if (text.empty()) return true;
    url.port = text.substr(1);
    return text[0] == ':' && is_port(url.port);
}

/// What is wrong with the scheme, or nothing.
std::string scheme_fault(const Url& url, const UrlRule& rule) {
    const std::string right = std::string(rule.secure) + "://" + Url{"", url.host, url.port, "", false}.origin();
    if (url.scheme == rule.secure) return "";
    if (url.scheme != rule.plain) return "\"" + url.scheme + "://\" is not for this key; write " + right;
    if (rule.plain_anywhere || is_loopback(url.host)) return "";
    return url.scheme + ":// would send credentials unencrypted; write " + right + " (" + rule.plain +
           ":// is only for 127.0.0.0/8, [::1] and localhost)";
}

}  // namespace

std::string Url::origin() const {
    const bool bracketed = host.find(':') != std::string::npos;
    const std::string name = bracketed ? "[" + host + "]" : host;
    return (scheme.empty() ? "" : scheme + "://") + name + (port.empty() ? "" : ":" + port);
}

std::optional<Url> split_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), is_url_letter)) return std::nullopt;
    Url url;
    for (const char letter : text.substr(0, colon)) {
        if (!std::isalnum(static_cast<unsigned char>(letter))) return std::nullopt;
        url.scheme += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    text.remove_prefix(colon + 3);
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    url.rest = text.substr(end);
    const std::size_t at = text.substr(0, end).rfind('@');
    url.has_user = at != std::string_view::npos;
    const std::size_t begin = url.has_user ? at + 1 : 0;
    if (!split_host(text.substr(begin, end - begin), url)) return std::nullopt;
    return url;
}

bool is_loopback(std::string_view host) {
    if (host == "localhost") return true;
    if (is_address(AF_INET, host)) return host.substr(0, 4) == "127.";
    in6_addr address{};
    return inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
}

bool is_listen_address(std::string_view text) {
    Url url;
    if (!split_host(text, url) || url.port.empty()) return false;
    return url.host == "localhost" || is_address(AF_INET, url.host) || is_address(AF_INET6, url.host);
}

std::optional<Url> read_url(const Field& field, const UrlRule& rule, Report& report) {
    const auto text = read_text(field, report);
    if (!text) return std::nullopt;
    std::optional<Url> url = split_url(*text);
    std::string fault;
    if (!url) {
        fault = "is not a URL; write " + std::string(rule.secure) + "://HOST or " + rule.secure + "://HOST:PORT";
    } else if (url->has_user) {
        fault = "holds a user or password, and no secret belongs in this file; remove what is before the @";
    } else {
        fault = scheme_fault(*url, rule);
    }
    if (fault.empty()) return url;
    report.error(field, fault);
    return std::nullopt;
}

}  // namespace fieldlink
