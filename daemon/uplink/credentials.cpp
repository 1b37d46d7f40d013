#include "daemon/uplink/credentials.hpp"

#include <cctype>
#include <variant>

#include "config/secret.hpp"
#include "daemon/postbox.hpp"
#include "daemon/uplink/provisioning.hpp"

namespace fieldlink {
namespace {

/// A token or key that the operator put somewhere; read anew each time, so that replacing it is enough.
class StoredCredential final : public Credentials {
public:
    StoredCredential(boost::asio::io_context& io, std::string parameter, SecretRef secret)
        : parameter_(std::move(parameter)), secret_(std::move(secret)), postbox_(io) {}

    void fetch(Done done) override {
        postbox_.post([this, done = std::move(done)] { done(read()); });
    }

    void cancel() override { postbox_.forget(); }

private:
    CredentialAnswer read() const {
        CredentialAnswer answer;
        try {
            answer.query = query_parameter(parameter_, read_secret(secret_));
        } catch (const SecretError& error) {
            answer.trouble = Trouble::secret_unreadable;
            answer.error = error.what();
        }
        return answer;
    }

    std::string parameter_;
    SecretRef secret_;
    Postbox postbox_;
};

bool stands_for_itself(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' || c == '~';
}

}  // namespace

const SecretRef& secret_of(const AuthConfig& auth) {
    if (const auto* token = std::get_if<TokenAuth>(&auth)) return token->token;
    if (const auto* api_key = std::get_if<ApiKeyAuth>(&auth)) return api_key->key;
    return std::get<ProvisionConfig>(auth).secret;
}

std::unique_ptr<Credentials> make_credentials(boost::asio::io_context& io, const UplinkConfig& config,
                                              const Route& route) {
    if (const auto* token = std::get_if<TokenAuth>(&config.auth))
        return std::make_unique<StoredCredential>(io, "token", token->token);
    if (const auto* api_key = std::get_if<ApiKeyAuth>(&config.auth))
        return std::make_unique<StoredCredential>(io, "key", api_key->key);
    return std::make_unique<Provisioning>(io, std::get<ProvisionConfig>(config.auth), route);
}

std::string query_parameter(std::string_view name, std::string_view value) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string query(name);
    query += '=';
    for (const char c : value) {
        if (stands_for_itself(c)) {
            query += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        query += {'%', kHex[byte >> 4], kHex[byte & 0xf]};
    }
    return query;
}

}  // namespace fieldlink
