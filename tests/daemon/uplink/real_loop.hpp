#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>

#include <gtest/gtest.h>

namespace fieldlink::test {

/// Runs the loop until `done`. The limit only keeps a broken test from hanging.
template <class Done>
void run_until(boost::asio::io_context& io, Done done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done() && std::chrono::steady_clock::now() < limit) {
        io.restart();
        io.run_one_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(done()) << "it did not happen within 30 s";
}

}  // namespace fieldlink::test
