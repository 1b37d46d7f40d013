#pragma once

namespace fieldlink {

/// The signals that end a long verb or resize its window, as a descriptor for poll(). From its construction on they do
/// not interrupt the process any more; it ends when it has asked for them.
class Signals {
public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    int descriptor() const { return descriptor_; }

    /// True if the user or the system wants the program to end. Does not block.
    bool end_wanted();

private:
    int descriptor_;
};

}  // namespace fieldlink
