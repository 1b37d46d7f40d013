#pragma once

#include <functional>
#include <string>

namespace fieldlink {

/// Calls `visit` with each directory in which a change can make `path` another file: the one that holds it, those that
/// hold a symbolic link on the way to it, and, where something is missing on the way, the one in which it is missing.
/// Each is visited before it is looked into, so that who watches it from then on misses nothing.
void walk_symlinks(const std::string& path, const std::function<void(const std::string& directory)>& visit);

}  // namespace fieldlink
