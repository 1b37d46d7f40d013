#include "daemon/uplink/tls_context.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace fieldlink {
namespace {

using boost::asio::ssl::context;
using boost::system::error_code;

[[noreturn]] void refuse(const std::string& key, const std::string& file, const error_code& ec) {
    throw std::runtime_error("uplink.tls." + key + ": " + file + " cannot be used: " + ec.message() +
                             "; give a readable PEM file");
}

void trust(context& tls, const TlsConfig& config) {
    error_code ec;
    if (config.ca_file.empty())
        tls.set_default_verify_paths(ec);
    else
        tls.load_verify_file(config.ca_file, ec);
    if (ec) refuse("ca_file", config.ca_file, ec);
    tls.set_verify_mode(context::verify_peer | context::verify_fail_if_no_peer_cert);
}

void identify(context& tls, const TlsConfig& config) {
    error_code ec;
    if (config.cert.empty()) return;
    tls.use_certificate_chain_file(config.cert, ec);
    if (ec) refuse("cert", config.cert, ec);
    const std::string& key = config.key.empty() ? config.cert : config.key;
    tls.use_private_key_file(key, context::pem, ec);
    if (ec) refuse("key", key, ec);
}

void expect_host(context& tls, const std::string& host) {
    X509_VERIFY_PARAM* const param = SSL_CTX_get0_param(tls.native_handle());
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    const int set = not_an_address ? X509_VERIFY_PARAM_set1_host(param, host.data(), host.size())
                                   : X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str());
    if (set != 1) throw std::runtime_error("uplink.url: " + host + " is no host name that a certificate can be for");
}

}  // namespace

std::shared_ptr<context> make_tls_context(const TlsConfig& config, const std::string& host) {
    auto tls = std::make_shared<context>(context::tls_client);
    tls->set_options(context::default_workarounds | context::no_compression);
    if (SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION) != 1)
        throw std::runtime_error("this machine's OpenSSL does not offer TLS 1.2");
    trust(*tls, config);
    identify(*tls, config);
    expect_host(*tls, host);
    return tls;
}

std::string tls_refusal(SSL* connection) {
    const long result = SSL_get_verify_result(connection);
    if (result == X509_V_OK) return "";
    return std::string("the certificate is not trusted: ") + X509_verify_cert_error_string(result);
}

}  // namespace fieldlink
