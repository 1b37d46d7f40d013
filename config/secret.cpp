#include "config/secret.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace fieldlink {
namespace {

constexpr std::size_t kMostBytes = 16 * 1024;

std::string name_of(const SecretRef& ref) {
    switch (ref.from) {
        case SecretRef::From::file:
            return "the secret file " + ref.name;
        case SecretRef::From::credential:
            return "the credential " + ref.name;
        case SecretRef::From::env:
            break;
    }
    return "the environment variable " + ref.name;
}

[[noreturn]] void fail(const SecretRef& ref, const std::string& why) {
    throw SecretError(name_of(ref) + " " + why);
}

std::string read_variable(const SecretRef& ref) {
    const char* const value = std::getenv(ref.name.c_str());
    if (!value) fail(ref, "is not set; set it for the service, e.g. by EnvironmentFile=");
    return value;
}

std::string read_file(const SecretRef& ref, const std::filesystem::path& path) {
    std::error_code error;
    const auto type = std::filesystem::status(path, error).type();
    if (type == std::filesystem::file_type::not_found) fail(ref, "does not exist; create it, or correct the name");
    if (!error && type != std::filesystem::file_type::regular) fail(ref, "is not a regular file; name one");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        fail(ref, "cannot be read: " + std::generic_category().message(errno) + "; let the service's user read it");
    }
    std::string text(kMostBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
}

bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

}  // namespace

std::optional<std::filesystem::path> secret_file(const SecretRef& ref) {
    if (ref.from == SecretRef::From::file) return ref.name;
    const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (ref.from == SecretRef::From::env || !directory) return std::nullopt;
    return std::filesystem::path(directory) / ref.name;
}

std::string read_secret(const SecretRef& ref) {
    const auto file = secret_file(ref);
    if (!file && ref.from == SecretRef::From::credential) {
        fail(ref, "is not here: $CREDENTIALS_DIRECTORY is not set; add LoadCredential= to the service");
    }
    std::string secret = file ? read_file(ref, *file) : read_variable(ref);
    if (secret.empty()) fail(ref, "is empty; put the secret into it");
    if (secret.size() > kMostBytes) fail(ref, "is larger than 16 KiB; it should hold the secret alone");
    if (std::any_of(secret.begin(), secret.end(), is_control)) {
        fail(ref, "holds control characters or several lines; it should hold the secret alone, in one line");
    }
    return secret;
}

bool is_inside_service() {
    return std::getenv("CREDENTIALS_DIRECTORY") || std::getenv("INVOCATION_ID");
}

}  // namespace fieldlink
