#pragma once

#include <deque>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "daemon/uplink/ramp.hpp"
#include "daemon/uplink/uplink_core.hpp"
#include "fake_outbox.hpp"
#include "scripted_cloud.hpp"

namespace fieldlink::test {

/// Hands out the tokens t1, t2, …, or failures that a test has put first.
class FakeCredentials final : public Credentials {
public:
    explicit FakeCredentials(VirtualLoop& loop) : loop_(loop) {}

    void fetch(Done done) override;
    void cancel() override { ++asked_; }

    std::deque<CredentialAnswer> failures;
    bool silent = false;
    unsigned tokens = 0;

private:
    VirtualLoop& loop_;
    unsigned asked_ = 0;
};

/// A link with everything around it under the test's control. Chance gives 0.5 always.
class LinkTest : public ::testing::Test {
protected:
    LinkTest();

    /// Starts the link, and lets time pass until the script is used up and what it caused has settled.
    void run();

    /// From here on.
    void run_script();
    void expect_connection() { cloud.expect_connect().welcome(); }
    void expect_connection_and_subscription();

    /// The rate is so low from the beginning that a new connection does not ramp up.
    void without_ramp() { config.uplink.rate = {Ramp::kFirst, 100}; }

    VirtualLoop loop;
    VirtualLoop::Clock clock{loop};
    ScriptedCloud cloud{loop};
    FakeCredentials credentials{loop};
    FakeOutbox outbox{loop};
    Config config;
    std::optional<UplinkCore::World> commands_world;  ///< of a link for commands alone
    std::unique_ptr<UplinkCore> link;

private:
    void make_link();
};

}  // namespace fieldlink::test
