#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/yaml/field.hpp"
#include "config/yaml/report.hpp"

namespace fieldlink {

/// The parts of SCHEME://[USER@]HOST[:PORT][REST]. REST is path, query and fragment, with what separates them.
struct Url {
    std::string scheme;  ///< in small letters
    std::string host;    ///< an IPv6 address without its brackets
    std::string port;    ///< empty: not written
    std::string rest;
    bool has_user = false;

    /// SCHEME://HOST[:PORT]
    std::string origin() const;
};

/// Absent when the text is not of that form, has a wrong port, or holds blanks or characters beyond ASCII.
std::optional<Url> split_url(std::string_view text);

/// 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view host);

/// HOST:PORT with an IP address ([…] around an IPv6 one) or localhost.
bool is_listen_address(std::string_view text);

/// What a key takes. `secure` is for any host, `plain` for loopback only unless `plain_anywhere`.
struct UrlRule {
    const char* secure;
    const char* plain;
    bool plain_anywhere = false;
};

/// Reads a URL that obeys the rule and holds no user or password. No message repeats what could be a secret.
std::optional<Url> read_url(const Field& field, const UrlRule& rule, Report& report);

}  // namespace fieldlink
