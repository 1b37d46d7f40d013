#pragma once

#include <initializer_list>
#include <string>

#include "link_fixture.hpp"

namespace fieldlink::test {

/// As the script names the messages of one publish.
inline std::string ids(std::initializer_list<int> seqs) {
    std::string text;
    for (const int seq : seqs)
        text += (text.empty() ? "gw:e1:" : " gw:e1:") + std::to_string(seq);
    return text;
}

/// A link and messages that are small enough to share a publish.
class CoalescingTest : public LinkTest {
protected:
    void owe_small(int first, int last, std::size_t bytes = 100) {
        for (int seq = first; seq <= last; ++seq)
            outbox.owe(seq, bytes);
    }

    void expect_one_by_one(std::initializer_list<int> seqs) {
        for (const int seq : seqs)
            cloud.expect_publish(ids({seq})).ack();
    }
};

}  // namespace fieldlink::test
