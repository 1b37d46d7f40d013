#include <gmock/gmock.h>
#include <stdlib.h>

#include "daemon/uplink/provisioning.hpp"
#include "daemon/uplink/transport.hpp"
#include "proxy_server.hpp"
#include "real_loop.hpp"
#include "recording_listener.hpp"
#include "route_at.hpp"
#include "test_certificates.hpp"
#include "websocket_server.hpp"

namespace fieldlink::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// Both ways to a server, through a proxy that is given by the configuration or by the environment.
class ProxyTest : public ::testing::Test {
protected:
    ProxyTest() { ::setenv("FIELDLINK_TEST_SECRET", "geheim", 1); }

    ~ProxyTest() override {
        for (const char* name : {"https_proxy", "no_proxy"})
            ::unsetenv(name);
    }

    std::string server_address() const { return "localhost:" + std::to_string(server->port()); }

    void open() {
        listener = {};
        transport = make_websocket_transport(io, route);
        transport->open("wss://" + server_address() + "/v1?token=geheim", listener);
        run_until(io, [this] { return listener.opened_or_failed(); });
    }

    /// Why it failed.
    OpenFailure failure() {
        open();
        if (listener.failures.size() != 1) return {};
        EXPECT_THAT(listener.failures[0].text, AllOf(Not(HasSubstr("geheim")), Not(HasSubstr("sesame"))));
        return listener.failures[0];
    }

    CredentialAnswer provision(const std::string& url) {
        ProvisionConfig config;
        config.url = url;
        config.secret = {SecretRef::From::env, "FIELDLINK_TEST_SECRET", {}};
        Provisioning provisioning(io, config, route);
        std::optional<CredentialAnswer> answer;
        provisioning.fetch([&answer](CredentialAnswer a) { answer = std::move(a); });
        run_until(io, [&answer] { return answer.has_value(); });
        EXPECT_THAT(answer->error, AllOf(Not(HasSubstr("geheim")), Not(HasSubstr("sesame"))));
        return *answer;
    }

    boost::asio::io_context io;
    TestCertificates certificates;
    std::unique_ptr<WebsocketServer> server = make_tls_server(io, certificates.certificate(), certificates.key());
    ProxyServer proxy{io};
    Route route = true_route({certificates.authority(), "", ""});
    RecordingListener listener;
    std::unique_ptr<Transport> transport;
};

TEST_F(ProxyTest, LeadsTheWebSocketThroughTheProxyOfTheConfiguration) {
    route.proxy = "http://" + proxy.address();
    open();
    ASSERT_EQ(listener.opened, 1u);
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting, OpenStep::securing, OpenStep::upgrading));
    EXPECT_THAT(proxy.requests, ElementsAre(StartsWith("CONNECT " + server_address() + " HTTP/1.1\r\n")));
    EXPECT_THAT(proxy.requests[0], Not(HasSubstr("geheim")));
    transport->send(std::string(200'000, 'x'));
    server->send(std::string(200'000, 'y'));
    run_until(io, [this] { return server->texts.size() == 1 && listener.texts.size() == 1; });
}

TEST_F(ProxyTest, LeadsProvisioningThroughItTooAndKeepsTheSecretFromIt) {
    route.proxy = "http://" + proxy.address();
    server->body = R"({"token":"t"})";
    EXPECT_EQ(provision("https://" + server_address() + "/api?deviceId=gw").query, "token=t");
    EXPECT_THAT(server->resources, ElementsAre("/api?deviceId=gw"));
    ASSERT_THAT(proxy.requests, SizeIs(1));
    EXPECT_THAT(proxy.requests[0], AllOf(StartsWith("CONNECT "), Not(HasSubstr("geheim"))));
}

TEST_F(ProxyTest, TakesTheEnvironmentsProxyWithItsPassword) {
    proxy.password = "b3BlbjpzZXNhbWU=";  // open:sesame
    ::setenv("https_proxy", ("http://open:sesame@" + proxy.address()).c_str(), 1);
    open();
    EXPECT_EQ(listener.opened, 1u);
    server->body = R"({"token":"t"})";
    EXPECT_EQ(provision("https://" + server_address() + "/").query, "token=t");
    EXPECT_THAT(proxy.requests, SizeIs(4)) << "each asked, was told to log in, and did";
}

TEST_F(ProxyTest, PrefersTheConfigurationsProxyToTheEnvironments) {
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    ::setenv("no_proxy", "*", 1);
    route.proxy = "http://" + proxy.address();
    open();
    EXPECT_EQ(listener.opened, 1u);
    EXPECT_THAT(proxy.requests, SizeIs(1));
}

TEST_F(ProxyTest, LeavesAServerOfNoProxyAlone) {
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    ::setenv("no_proxy", "localhost", 1);
    open();
    EXPECT_EQ(listener.opened, 1u);
}

TEST_F(ProxyTest, LeadsPlainConnectionsThroughNone) {
    route.proxy = "http://127.0.0.1:1";
    const auto plain = make_plain_server(io);
    transport = make_websocket_transport(io, route);
    transport->open("ws://localhost:" + std::to_string(plain->port()) + "/v1?token=geheim", listener);
    run_until(io, [this] { return listener.opened == 1; });
}

TEST_F(ProxyTest, SaysWhatToDoIfTheProxyWantsALogin) {
    route.proxy = "http://" + proxy.address();
    proxy.password = "b3BlbjpzZXNhbWU=";
    const OpenFailure why = failure();
    EXPECT_EQ(why.fault, OpenFault::proxy);
    EXPECT_EQ(why.http_status, 0);
    EXPECT_THAT(why.text, AllOf(HasSubstr("407"), HasSubstr("https_proxy=http://USER")));
    EXPECT_THAT(provision("https://" + server_address() + "/").error, HasSubstr("407"));
}

TEST_F(ProxyTest, SaysThatTheProxyRefuses) {
    route.proxy = "http://" + proxy.address();
    proxy.refusal = "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n";
    const OpenFailure why = failure();
    EXPECT_EQ(why.fault, OpenFault::proxy);
    EXPECT_THAT(why.text, AllOf(HasSubstr("403"), HasSubstr(server_address())));
}

TEST_F(ProxyTest, SaysThatTheProxyIsDead) {
    for (const bool configured : {true, false}) {
        route.proxy = configured ? "http://127.0.0.1:1" : "";
        ::setenv("https_proxy", "http://open:sesame@127.0.0.1:1", 1);
        const OpenFailure why = failure();
        EXPECT_EQ(why.fault, OpenFault::proxy);
        EXPECT_THAT(why.text, AllOf(HasSubstr("refused"), HasSubstr("the proxy")));
    }
}

TEST_F(ProxyTest, SaysThatTheEnvironmentsProxyIsNoneWithoutItsPassword) {
    for (const char* nonsense : {"foo://open:sesame@127.0.0.1:1", "http://open:sesame@127.0.0.1:port"}) {
        ::setenv("https_proxy", nonsense, 1);
        EXPECT_EQ(failure().fault, OpenFault::proxy) << nonsense;
    }
}

TEST_F(ProxyTest, BlamesTheServerThatNoProxyNamesIfItIsDead) {
    ::setenv("https_proxy", "http://127.0.0.1:1", 1);
    ::setenv("no_proxy", "localhost", 1);
    transport = make_websocket_transport(io, route);
    transport->open("wss://localhost:1/v1?token=geheim", listener);
    run_until(io, [this] { return listener.opened_or_failed(); });
    EXPECT_EQ(listener.failures[0].fault, OpenFault::connect);
}

TEST_F(ProxyTest, SurvivesAProxyThatIsSilent) {
    route.proxy = "http://" + proxy.address();
    proxy.silent = true;
    transport = make_websocket_transport(io, route);
    transport->open("wss://" + server_address() + "/v1?token=geheim", listener);
    run_until(io, [this] { return proxy.requests.size() == 1; });
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting));
    transport->drop();
    proxy.silent = false;
    open();
    EXPECT_EQ(listener.opened, 1u);
    EXPECT_THAT(listener.failures, IsEmpty());
}

}  // namespace
}  // namespace fieldlink::test
