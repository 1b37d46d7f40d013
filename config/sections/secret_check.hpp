#pragma once

#include "config/config.hpp"
#include "config/yaml/report.hpp"

namespace fieldlink {

/// Looks whether the secret can be read now. That it is not there is an error inside the service and a warning
/// elsewhere; that it is open to everybody, or not fit to be a secret, is always an error.
void check_secret(const SecretRef& ref, const Field& field, Report& report);

}  // namespace fieldlink
