#include "daemon/net/server_trust.hpp"

#include <ctime>
#include <system_error>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace fieldlink {
namespace {

using std::chrono::seconds;

/// Of OpenSSL's errors the first is the cause; the rest is where it went through.
std::string first_error() {
    const unsigned long error = ERR_peek_error();
    const char* const reason = ERR_SYSTEM_ERROR(error) ? nullptr : ERR_reason_error_string(error);
    std::string text = reason ? reason : "it cannot be read";
    if (ERR_SYSTEM_ERROR(error)) text = std::generic_category().message(ERR_GET_REASON(error));
    ERR_clear_error();
    return text;
}

/// A daemon has nobody to ask for the passphrase of a key.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

int tolerate_not_yet_valid(int ok, X509_STORE_CTX* chain) {
    if (ok || X509_STORE_CTX_get_error(chain) != X509_V_ERR_CERT_NOT_YET_VALID) return ok;
    X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
}

std::optional<seconds> end_of(const X509* certificate) {
    std::tm end{};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return std::nullopt;
    return seconds(::timegm(&end));
}

}  // namespace

bool ServerTrust::refuse(const char* key, const std::string& file) {
    error_ = std::string("uplink.tls.") + key + ": " + file + " cannot be used: " + first_error() +
             "; give a readable PEM file";
    return false;
}

bool ServerTrust::trust(SSL_CTX* context) {
    const std::string& file = route_.tls.ca_file;
    if (file.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
    return SSL_CTX_load_verify_file(context, file.c_str()) == 1 || refuse("ca_file", file);
}

bool ServerTrust::identify(SSL_CTX* context) {
    const std::string &certificate = route_.tls.cert, &key = route_.tls.key;
    if (certificate.empty()) return true;
    SSL_CTX_set_default_passwd_cb(context, &no_passphrase);
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) return refuse("cert", certificate);
    return SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1 || refuse("key", key);
}

bool ServerTrust::apply(SSL_CTX* context) {
    ERR_clear_error();
    error_.clear();
    ends_.reset();
    time_ = route_.certificate_time();
    // Without renegotiation writing never waits for reading; what could not be written may move in memory meanwhile.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    const auto verify = [](X509_STORE_CTX* chain, void* self) {
        return static_cast<ServerTrust*>(self)->verify(chain);
    };
    SSL_CTX_set_cert_verify_callback(context, verify, this);
    return trust(context) && identify(context);
}

int ServerTrust::verify(X509_STORE_CTX* chain) {
    X509_STORE_CTX_set_time(chain, 0, static_cast<std::time_t>(time_.at.count()));
    if (!time_.not_yet_valid_is_error) X509_STORE_CTX_set_verify_cb(chain, &tolerate_not_yet_valid);
    const int trusted = X509_verify_cert(chain);
    if (trusted == 1)
        ends_ = end_of(X509_STORE_CTX_get0_cert(chain));
    else
        error_ = std::string("the certificate is not trusted: ") +
                 X509_verify_cert_error_string(X509_STORE_CTX_get_error(chain));
    return trusted;
}

}  // namespace fieldlink
