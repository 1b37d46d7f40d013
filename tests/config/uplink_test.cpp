#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/files.hpp"

namespace fieldlink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadedText load_uplink(const std::string& more) {
    ConfigText config;
    config.more = more;
    return load_text(config.text());
}

LoadedText load_url(const std::string& url) {
    ConfigText config;
    config.uplink = "uplink: {url: '" + url + "', auth: {token: {env: FIELDLINK_TOKEN}}}\n";
    return load_text(config.text());
}

TEST(Uplink, TakesTheOriginOfTheService) {
    for (const char* const url : {"wss://rms.metered.ca", "wss://rms.metered.ca:8443", "ws://localhost:8080",
                                  "ws://127.0.0.1", "ws://[::1]:80", "wss://10.0.0.1"}) {
        const LoadedText loaded = load_url(url);
        EXPECT_THAT(loaded.problems, IsEmpty()) << url;
        ASSERT_TRUE(loaded.config);
        EXPECT_EQ(loaded.config->uplink.url, url);
    }
    EXPECT_EQ(load_url("wss://rms.metered.ca/").config->uplink.url, "wss://rms.metered.ca");
}

TEST(Uplink, RefusesUrlsThatWouldGiveCredentialsAway) {
    for (const char* const url : {"ws://rms.metered.ca", "ws://192.0.2.1", "ws://127.example.com",
                                  "wss://user@rms.metered.ca", "wss://rms.metered.ca/v1?key=pk_live_hunter2"}) {
        const LoadedText loaded = load_url(url);
        EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("2:15: error: uplink.url: "))) << url;
        EXPECT_THAT(loaded.problems, Not(ElementsAre(HasSubstr("hunter2"))));
    }
}

TEST(Uplink, FillsTheGatewayIntoItsChannels) {
    const LoadedText loaded = load_uplink("  channels: {results: 'r/{gateway}/{gateway}'}\n");
    EXPECT_THAT(loaded.problems, IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->uplink.channels.telemetry, "fleet/sensor-42/telemetry");
    EXPECT_EQ(loaded.config->uplink.channels.commands, "fleet/sensor-42/cmd");
    EXPECT_EQ(loaded.config->uplink.channels.results, "r/sensor-42/sensor-42");
}

TEST(Uplink, RefusesABraceThatFillsNothingIn) {
    for (const char* const text : {"a{b", "a}b", "{}", "{gateway", "{{gateway}}", "{Gateway}"}) {
        const LoadedText loaded = load_uplink("  channels: {results: '" + std::string(text) + "'}\n");
        EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("5:23: error: uplink.channels.results: "))) << text;
    }
}

TEST(Uplink, RefusesAChannelThatIsTooLongOnceFilledIn) {
    const std::string fits(256 - std::string("sensor-42").size(), 'x');
    EXPECT_THAT(load_uplink("  channels: {results: '" + fits + "{gateway}'}\n").problems, IsEmpty());
    EXPECT_THAT(load_uplink("  channels: {results: '" + fits + "x{gateway}'}\n").problems,
                ElementsAre(HasSubstr("is longer than 256 bytes")));
}

TEST(Uplink, RefusesASensorWhoseChannelIsThatOfTheCommands) {
    ConfigText config;
    config.more = "  channels: {telemetry: 'fleet/{gateway}/{sensor}'}\n";
    EXPECT_THAT(load_text(config.text()).problems, IsEmpty());
    config.sensors = "sensors:\n  cmd: {bus: plant, unit: 3, points: {temperature: {input: 0}}}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr("5:25: error: uplink.channels.telemetry: is \"fleet/sensor-42/cmd\"")));
}

TEST(Uplink, WarnsOfRatesAboveThoseOfTheService) {
    EXPECT_THAT(
        load_uplink("  rate: {messages: 101, burst: 201}\n  reconnect: {per_minute: 61}\n").problems,
        ElementsAre(HasSubstr("5:20: warning: uplink.rate.messages"), HasSubstr("5:32: warning: uplink.rate.burst"),
                    HasSubstr("6:27: warning: uplink.reconnect.per_minute")));
    EXPECT_THAT(load_uplink("  rate: {messages: 100, burst: 200}\n  reconnect: {per_minute: 60}\n").problems,
                IsEmpty());
}

TEST(Uplink, HasTheLowestDelaysOfTheManual) {
    EXPECT_THAT(load_uplink("  reconnect: {initial_delay: 50ms, max_delay: 500ms}\n").problems, IsEmpty());
    EXPECT_THAT(load_uplink("  reconnect: {initial_delay: 49ms, max_delay: 499ms}\n").problems,
                ElementsAre(HasSubstr("the least is 50ms"), HasSubstr("the least is 500ms")));
}

TEST(Uplink, NamesTheDelayThatIsWrittenWhenTheOtherIsTheDefault) {
    EXPECT_THAT(load_uplink("  reconnect: {initial_delay: 2m}\n").problems, ElementsAre(HasSubstr("5:30: error: ")));
    EXPECT_THAT(load_uplink("  reconnect: {initial_delay: 1s, max_delay: 600ms}\n").problems,
                ElementsAre(HasSubstr("initial_delay 1s is longer than max_delay 600ms")));
}

TEST(Uplink, NeedsCertificateAndKeyTogether) {
    const TemporaryDirectory directory;
    const std::string cert = directory.write("cert.pem", "x").string();
    const std::string key = directory.write("key.pem", "x").string();
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    EXPECT_THAT(load_uplink("  tls: {cert: " + cert + ", key: " + key + "}\n").problems, IsEmpty());
    EXPECT_THAT(load_uplink("  tls: {cert: " + cert + "}\n").problems,
                ElementsAre(HasSubstr("uplink.tls.cert: needs its private key")));
    EXPECT_THAT(load_uplink("  tls: {key: " + key + "}\n").problems,
                ElementsAre(HasSubstr("uplink.tls.key: needs its certificate")));
}

TEST(Uplink, RefusesAPrivateKeyThatEverybodyMayRead) {
    const TemporaryDirectory directory;
    const std::string key = directory.write("key.pem", "x").string();
    std::filesystem::permissions(key, std::filesystem::perms(0644));
    EXPECT_THAT(load_uplink("  tls: {cert: " + key + ", key: " + key + "}\n").problems,
                ElementsAre(HasSubstr("uplink.tls.key: everybody on this machine may read")));
}

TEST(Uplink, WarnsOfACertificateFileThatIsNotHere) {
    EXPECT_THAT(load_uplink("  tls: {ca_file: /nowhere/ca.pem}\n").problems,
                ElementsAre(HasSubstr("5:18: warning: uplink.tls.ca_file: cannot be read here: No such file")));
    EXPECT_THAT(load_uplink("  tls: {ca_file: /tmp}\n").problems,
                ElementsAre(HasSubstr("5:18: error: uplink.tls.ca_file: is not a regular file")));
}

TEST(Uplink, WarnsOfReceiptsThatNobodyMaySend) {
    EXPECT_THAT(load_uplink("  confirm: receipt\n").problems,
                ElementsAre(HasSubstr("5:12: warning: uplink.confirm: receipts are taken only from senders in")));
}

TEST(Uplink, NeedsPlaceAndSecretOfProvisioning) {
    ConfigText config;
    config.uplink = "uplink:\n  url: wss://a\n  auth: {provision: {timeout: 5s}}\n";
    EXPECT_THAT(load_text(config.text()).problems,
                ElementsAre(HasSubstr("4:10: error: uplink.auth.provision.url: is missing"),
                            HasSubstr("4:10: error: uplink.auth.provision.secret: is missing")));
}

TEST(Uplink, RefusesAPlaceOfProvisioningThatGivesTheSecretAway) {
    for (const char* const url :
         {"http://devices.example.com/p", "https://me:hunter2@devices.example.com/p", "https://devices.example.com/p#x",
          "https://devices.example.com/{sensor}", "devices"}) {
        ConfigText config;
        config.uplink = "uplink:\n  url: wss://a\n  auth: {provision: {url: '" + std::string(url) +
                        "', secret: {env: FIELDLINK_TOKEN}}}\n";
        const LoadedText loaded = load_text(config.text());
        EXPECT_THAT(loaded.problems, ElementsAre(HasSubstr("4:27: error: uplink.auth.provision.url: "))) << url;
        EXPECT_THAT(loaded.problems, Not(ElementsAre(HasSubstr("hunter2"))));
    }
}

}  // namespace
}  // namespace fieldlink
