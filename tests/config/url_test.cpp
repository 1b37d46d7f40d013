#include "config/sections/url.hpp"

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

TEST(Url, IsTakenApart) {
    const auto url = split_url("HTTPS://me@devices.example.com:8443/api?x={y}#z");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_TRUE(url->has_user);
    EXPECT_EQ(url->host, "devices.example.com");
    EXPECT_EQ(url->port, "8443");
    EXPECT_EQ(url->rest, "/api?x={y}#z");
    EXPECT_EQ(url->origin(), "https://devices.example.com:8443");
}

TEST(Url, MayHaveAnIpv6Address) {
    const auto url = split_url("ws://[::1]:8080");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->origin(), "ws://[::1]:8080");
}

TEST(Url, IsRefusedWhenItsPartsAreNotRight) {
    for (const char* const text :
         {"", "example.com", "://example.com", "wss://", "wss://:80", "wss://a b", "wss://a:0", "wss://a:65536",
          "wss://a:x", "wss://a:", "wss://[::1", "wss://[x]", "wss://[::1]80", "wss://ä", "w s://a", "wss://a,b"}) {
        EXPECT_FALSE(split_url(text)) << text;
    }
}

TEST(Url, KnowsTheNamesOfThisMachine) {
    for (const char* const host : {"localhost", "127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (const char* const host : {"127.example.com", "127.1", "128.0.0.1", "::2", "localhost.example.com", ""}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
}

TEST(Url, OfAListenerIsAnAddressWithAPort) {
    for (const char* const text : {"127.0.0.1:9469", "[::1]:9469", "localhost:1", "0.0.0.0:65535"}) {
        EXPECT_TRUE(is_listen_address(text)) << text;
    }
    for (const char* const text : {"9469", "127.0.0.1", "example.com:80", "::1:80", "127.0.0.1:0", ":80", ""}) {
        EXPECT_FALSE(is_listen_address(text)) << text;
    }
}

}  // namespace
}  // namespace fieldlink
