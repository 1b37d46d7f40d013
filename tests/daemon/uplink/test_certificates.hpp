#pragma once

#include <filesystem>
#include <string>

namespace fieldlink::test {

/// A certificate authority of the test's own, and certificates by it, as PEM files in a directory of their own.
class TestCertificates {
public:
    TestCertificates();
    ~TestCertificates();

    std::string authority() const { return (folder_ / "ca.pem").string(); }
    std::string stranger() const { return (folder_ / "stranger.pem").string(); }  ///< an authority that signed nothing
    std::string certificate() const {
        return (folder_ / "server.pem").string();
    }  ///< for localhost, two.test, 127.0.0.1
    std::string certificate_for_another_host() const { return (folder_ / "other.pem").string(); }
    std::string expired_certificate() const { return (folder_ / "expired.pem").string(); }  ///< an hour ago
    std::string future_certificate() const { return (folder_ / "future.pem").string(); }    ///< valid in an hour
    std::string client_certificate() const { return (folder_ / "client.pem").string(); }
    std::string key() const { return (folder_ / "server.key").string(); }  ///< of all that the authority signed

private:
    std::filesystem::path folder_;
};

}  // namespace fieldlink::test
