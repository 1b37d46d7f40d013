#include "config/sections/auth_section.hpp"

#include "config/sections/channels_section.hpp"
#include "config/sections/secret_section.hpp"
#include "config/sections/url.hpp"

namespace fieldlink {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHowTo =
    "token: {file: /etc/fieldlink/token}, api_key: {file: …} or provision: {url: …, secret: …}";
constexpr Bounds<milliseconds> kTimeout{100ms, 60s};
constexpr UrlRule kProvisionUrl{"https", "http"};

std::string read_provision_url(const Field& field, const std::string& gateway, Report& report) {
    const auto text = read_text(field, report);
    if (!text) return "";
    const auto filled = fill_gateway(field, *text, gateway, {}, report);
    if (!filled) return "";
    YamlNode node = *field.node;
    node.text = *filled;
    const auto url = read_url({&node, field.key, field.path, field.schema}, kProvisionUrl, report);
    if (!url) return "";
    if (url->rest.find('#') == std::string::npos) return url->origin() + url->rest;
    report.error(field, "holds a #, and what follows it is never sent; remove it");
    return "";
}

ProvisionConfig read_provision(const Field& field, const std::string& gateway, Report& report) {
    ProvisionConfig provision;
    Section section(field, report);
    const auto url = section.require("url", "url: https://HOST/PATH?deviceId={gateway}");
    if (url) provision.url = read_provision_url(*url, gateway, report);
    const auto secret = section.require("secret", "secret: {credential: NAME}, {file: /PATH} or {env: NAME}");
    if (secret) provision.secret = read_secret_ref(*secret, report).value_or(SecretRef{});
    section.duration("timeout", provision.timeout, kTimeout);
    section.refuse_unknown_keys();
    return provision;
}

}  // namespace

void read_auth(Section& uplink, const std::string& gateway, AuthConfig& auth, Report& report) {
    const auto field = uplink.require("auth", std::string("auth: with exactly one of ") + kHowTo);
    if (!field) return;
    Section section(*field, report);
    const auto provision = section.find("provision");
    const auto token = section.find("token");
    const auto key = section.find("api_key");
    section.refuse_unknown_keys();
    if (provision) auth = read_provision(*provision, gateway, report);
    if (token) auth = TokenAuth{read_secret_ref(*token, report).value_or(SecretRef{})};
    if (key) auth = ApiKeyAuth{read_secret_ref(*key, report).value_or(SecretRef{})};
    const int written = (provision ? 1 : 0) + (token ? 1 : 0) + (key ? 1 : 0);
    if (written != 1 && section.is_mapping()) {
        report.error(field->key, field->path,
                     std::string(written == 0 ? "names no credentials" : "names several kinds of credentials") +
                         "; write exactly one of " + kHowTo);
    }
}

}  // namespace fieldlink
