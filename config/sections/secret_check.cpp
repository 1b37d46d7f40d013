#include "config/sections/secret_check.hpp"

#include <cstdlib>

#include <unistd.h>

#include "config/secret.hpp"
#include "config/sections/paths.hpp"

namespace fieldlink {
namespace {

bool is_there(const SecretRef& ref) {
    if (ref.from == SecretRef::From::env) return std::getenv(ref.name.c_str()) != nullptr;
    const auto file = secret_file(ref);
    return file && access(file->c_str(), R_OK) == 0;
}

}  // namespace

void check_secret(const SecretRef& ref, const Field& field, Report& report) {
    const auto file = secret_file(ref);
    if (file && check_not_open_to_all(field, file->string(), report)) return;
    const bool may_be_missing = !is_there(ref) && !is_inside_service();
    try {
        read_secret(ref);
    } catch (const SecretError& error) {
        if (may_be_missing) {
            report.warning(field, std::string(error.what()) + " (the service itself refuses to start without it)");
        } else {
            report.error(field, error.what());
        }
    }
}

}  // namespace fieldlink
