#pragma once

#include <optional>

#include "config/config.hpp"
#include "config/yaml/report.hpp"

namespace fieldlink {

/// Reads {file: PATH}, {credential: NAME} or {env: NAME}, and looks whether the secret is there and kept from others.
/// No message repeats what stands in place of one of these, since that may be the secret itself.
std::optional<SecretRef> read_secret_ref(const Field& field, Report& report);

}  // namespace fieldlink
