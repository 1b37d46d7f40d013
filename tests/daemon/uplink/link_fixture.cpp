#include "link_fixture.hpp"

namespace fieldlink::test {

void FakeCredentials::fetch(Done done) {
    const unsigned this_time = ++asked_;
    if (silent) return;
    CredentialAnswer answer;
    if (failures.empty()) {
        answer.query = "token=t" + std::to_string(++tokens);
    } else {
        answer = failures.front();
        failures.pop_front();
    }
    loop_.post([this, this_time, done, answer] {
        if (this_time == asked_) done(answer);
    });
}

LinkTest::LinkTest() {
    config.gateway = "gw";
    config.uplink.url = "wss://cloud.example";
    config.uplink.auth = ProvisionConfig{};
    config.uplink.channels = {"fleet/gw/telemetry", "fleet/gw/cmd", "fleet/gw/cmd/result"};
}

void LinkTest::make_link() {
    link = std::make_unique<UplinkCore>(
        config, outbox, [] { return 0.5; }, UplinkCore::World{clock, cloud, credentials}, commands_world);
    outbox.on_offer = [this](std::vector<StoredMessage> messages) {
        outbox.inside_a_call = true;
        link->offer(std::move(messages));
        outbox.inside_a_call = false;
    };
}

void LinkTest::run() {
    make_link();
    outbox.inside_a_call = true;
    link->start();
    outbox.inside_a_call = false;
    run_script();
}

void LinkTest::run_script() {
    const Instant end = loop.now() + std::chrono::hours(2);
    loop.run_until(end, [this] { return cloud.script_used_up(); });
    EXPECT_TRUE(cloud.script_used_up()) << "within two hours";
    loop.pass(milliseconds(0));
}

void LinkTest::expect_connection_and_subscription() {
    expect_connection();
    cloud.expect_subscribe("fleet/gw/cmd").ack();
}

}  // namespace fieldlink::test
