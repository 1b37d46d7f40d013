#include "test_certificates.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

namespace fieldlink::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

constexpr long kHour = 3600;

/// In seconds from now.
struct Life {
    long from = -kHour, to = kHour;
};

Key make_key() {
    // EVP_EC_gen() is a macro with a cast that clang warns about.
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free);
}

void extend(X509* certificate, X509* issuer, int extension, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, extension, value);
    if (!made) throw std::runtime_error("cannot make an extension of a certificate");
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
}

/// A certificate for `key`, signed by `issuer`, or by itself if there is none.
Certificate make_certificate(const char* name, const Key& key, X509* issuer, const Key& issuer_key, int extension,
                             const char* value, Life life = {}) {
    static long serial = 1;
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), life.from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), life.to);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    const auto* const text = reinterpret_cast<const unsigned char*>(name);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509* const by = issuer ? issuer : certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(by));
    extend(certificate.get(), by, extension, value);
    if (X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) == 0)
        throw std::runtime_error("cannot sign a certificate");
    return certificate;
}

File open_to_write(const std::string& path) {
    return File(std::fopen(path.c_str(), "w"), &std::fclose);
}

void write(const std::string& path, const Certificate& certificate) {
    PEM_write_X509(open_to_write(path).get(), certificate.get());
}

}  // namespace

TestCertificates::TestCertificates() {
    char folder[] = "/tmp/fieldlink-certificates-XXXXXX";
    if (!::mkdtemp(folder)) throw std::runtime_error("cannot make a temporary directory");
    folder_ = folder;
    const Key authority_key = make_key(), stranger_key = make_key(), server_key = make_key();
    constexpr int kCa = NID_basic_constraints, kNames = NID_subject_alt_name;
    constexpr const char* kIsCa = "critical,CA:TRUE";
    constexpr const char* kHere = "DNS:localhost,DNS:two.test,IP:127.0.0.1";
    const auto ca =
        make_certificate("Test CA", authority_key, nullptr, authority_key, kCa, kIsCa, {-9 * kHour, 9 * kHour});
    const auto make_server = [&](const char* names, Life life = {}) {
        return make_certificate("server", server_key, ca.get(), authority_key, kNames, names, life);
    };
    write(authority(), ca);
    write(stranger(), make_certificate("Other CA", stranger_key, nullptr, stranger_key, kCa, kIsCa));
    write(certificate(), make_server(kHere));
    write(certificate_for_another_host(), make_server("DNS:other.example,IP:192.0.2.1"));
    write(expired_certificate(), make_server(kHere, {-2 * kHour, -kHour}));
    write(future_certificate(), make_server(kHere, {kHour, 2 * kHour}));
    write(client_certificate(), make_server("DNS:gateway"));
    PEM_write_PrivateKey(open_to_write(key()).get(), server_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

TestCertificates::~TestCertificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace fieldlink::test
