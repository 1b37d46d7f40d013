#pragma once

#include <string>

#include "config/yaml/tree.hpp"

namespace fieldlink {

/// One value of a file on its way into the configuration: what is written, where, and what leads to it. Refers to the
/// tree, which outlives it.
struct Field {
    const YamlNode* node;
    Mark key;            ///< where its key is written; of a list's item, where the item is
    std::string path;    ///< for people: sensors.boiler.every
    std::string schema;  ///< the same with `*` for names: sensors.*.every

    /// Where the value is written, or the key if nothing is.
    const Mark& mark() const { return node->kind == YamlNode::Kind::null ? key : node->mark; }
};

}  // namespace fieldlink
