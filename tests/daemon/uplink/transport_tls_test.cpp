#include <gmock/gmock.h>

#include "daemon/uplink/transport.hpp"
#include "raw_server.hpp"
#include "real_loop.hpp"
#include "recording_listener.hpp"
#include "route_at.hpp"
#include "test_certificates.hpp"
#include "test_names.hpp"
#include "websocket_server.hpp"

namespace fieldlink::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class TlsTransportTest : public ::testing::Test {
protected:
    void open(const std::string& host, const std::string& ca_file) {
        open(host, true_route({ca_file, "", ""}), *server);
    }

    void open(const std::string& host, const std::string& ca_file, const WebsocketServer& at) {
        open(host, true_route({ca_file, "", ""}), at);
    }

    void open(const std::string& host, const Route& route, const WebsocketServer& at) {
        listener = {};
        transport = make_websocket_transport(io, route);
        transport->open("wss://" + host + ":" + std::to_string(at.port()) + "/v1?token=geheim", listener);
        run_until(io, [this] { return listener.opened_or_failed(); });
        for (const OpenFailure& failure : listener.failures)
            EXPECT_THAT(failure.text, Not(HasSubstr("geheim")));
    }

    /// What becomes of a connection to a server with this certificate, judged by this time: "" if it opens.
    std::string judged(const std::string& certificate, CertificateTime time) {
        servers.push_back(make_tls_server(io, certificate, certificates.key()));
        open("localhost", route_at(time, {certificates.authority(), "", ""}), *servers.back());
        if (listener.failures.empty()) return "";
        EXPECT_EQ(listener.failures[0].fault, OpenFault::tls);
        return listener.failures[0].text;
    }

    boost::asio::io_context io;
    TestCertificates certificates;
    std::unique_ptr<WebsocketServer> server = make_tls_server(io, certificates.certificate(), certificates.key());
    std::vector<std::unique_ptr<WebsocketServer>> servers;  ///< they must not end before the loop
    RecordingListener listener;
    std::unique_ptr<Transport> transport;
};

TEST_F(TlsTransportTest, TrustsTheAuthorityOfTheConfiguration) {
    open("localhost", certificates.authority());
    ASSERT_EQ(listener.opened, 1u);
    transport->send("hello");
    run_until(io, [this] { return server->texts.size() == 1; });
    transport->close(1000, "");
    run_until(io, [this] { return !listener.closes.empty(); });
}

TEST_F(TlsTransportTest, TrustsAnAddressInTheCertificate) {
    open("127.0.0.1", certificates.authority());
    EXPECT_EQ(listener.opened, 1u);
}

TEST_F(TlsTransportTest, RefusesACertificateForAnotherHost) {
    const auto other = make_tls_server(io, certificates.certificate_for_another_host(), certificates.key());
    open("localhost", certificates.authority(), *other);
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("for another host"));
}

TEST_F(TlsTransportTest, RefusesACertificateForAnotherAddress) {
    const auto other = make_tls_server(io, certificates.certificate_for_another_host(), certificates.key());
    open("127.0.0.1", certificates.authority(), *other);
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("127.0.0.1"));
}

TEST_F(TlsTransportTest, ReportsNothingOnceDroppedInTheMiddleOfTheHandshake) {
    transport = make_websocket_transport(io, true_route({certificates.authority(), "", ""}));
    const std::string url = "wss://127.0.0.1:" + std::to_string(server->port()) + "/v1?token=geheim";
    for (int turns = 0; turns < 12; ++turns) {
        transport->open(url, listener);
        for (int i = 0; i < turns; ++i)
            io.run_one();
        transport->drop();
    }
    const bool opened_before_the_drop = listener.opened > 0;
    listener = {};
    open("localhost", certificates.authority());
    EXPECT_EQ(listener.opened, 1u);
    EXPECT_FALSE(opened_before_the_drop);
}

TEST_F(TlsTransportTest, RefusesAnUnknownAuthority) {
    open("localhost", certificates.stranger());
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_TRUE(listener.failures[0].fault == OpenFault::tls);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("not trusted"));
    EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
}

TEST_F(TlsTransportTest, RefusesItWithTheSystemsStoreToo) {
    open("localhost", "");
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_TRUE(listener.failures[0].fault == OpenFault::tls);
}

TEST_F(TlsTransportTest, NamesAnAuthorityFileThatCannotBeRead) {
    open("localhost", "/nonexistent/ca.pem");
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("/nonexistent/ca.pem"));
}

TEST_F(TlsTransportTest, GoesToWhereTheServerWasVerifiedLastWhileItsNameIsNotResolved) {
    open("two.test", certificates.authority());
    ASSERT_EQ(listener.opened, 1u);
    const HangingNames names;
    const std::string url = "wss://two.test:" + std::to_string(server->port()) + "/v1?token=geheim";
    transport->open(url, listener);
    run_until(io, [] { return HangingNames::hanging() == 1; });
    transport->drop();
    transport->open(url, listener);
    run_until(io, [this] { return listener.opened == 2; });
}

TEST_F(TlsTransportTest, DoesNotGoToWhereAnotherServerWasFoundUnderItsName) {
    servers.push_back(make_tls_server(io, certificates.certificate_for_another_host(), certificates.key()));
    open("two.test", certificates.authority(), *servers.back());
    ASSERT_EQ(listener.failures.size(), 1u);
    const HangingNames names;
    const std::string url = "wss://two.test:" + std::to_string(servers.back()->port()) + "/v1?token=geheim";
    for (unsigned attempts = 1; attempts <= 2; ++attempts) {
        transport->open(url, listener);
        run_until(io, [attempts] { return HangingNames::hanging() == attempts; });
    }
    transport->drop();
}

TEST_F(TlsTransportTest, TellsItsStepsInOrder) {
    open("localhost", certificates.authority());
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting, OpenStep::securing, OpenStep::upgrading));
}

TEST_F(TlsTransportTest, NamesAFileThatIsNoCertificate) {
    open("localhost", certificates.key());
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("uplink.tls.ca_file: " + certificates.key()));
}

TEST_F(TlsTransportTest, SaysWhenTheServersCertificateEndsAsLongAsItIsConnected) {
    open("localhost", certificates.authority());
    ASSERT_TRUE(transport->certificate_ends());
    EXPECT_GT(*transport->certificate_ends(), wall_clock() + seconds(3'000));
    EXPECT_LT(*transport->certificate_ends(), wall_clock() + seconds(3'700));
    transport->drop();
    EXPECT_FALSE(transport->certificate_ends());
}

TEST_F(TlsTransportTest, ProvesItselfByItsCertificateIfTheServerAsks) {
    const auto strict = make_tls_server(io, certificates.certificate(), certificates.key(), certificates.authority());
    const TlsConfig known{certificates.authority(), certificates.client_certificate(), certificates.key()};
    open("localhost", true_route(known), *strict);
    EXPECT_EQ(listener.opened, 1u);
    open("localhost", certificates.authority(), *strict);
    EXPECT_EQ(listener.failures.size(), 1u);
}

TEST_F(TlsTransportTest, NamesACertificateOrKeyOfItsOwnThatCannotBeUsed) {
    open("localhost", true_route({certificates.authority(), "/nonexistent/c.pem", certificates.key()}), *server);
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("uplink.tls.cert: /nonexistent/c.pem"));
    const std::string no_key = certificates.authority();
    open("localhost", true_route({no_key, certificates.client_certificate(), no_key}), *server);
    ASSERT_EQ(listener.failures.size(), 1u);
    EXPECT_THAT(listener.failures[0].text, HasSubstr("uplink.tls.key: " + no_key));
}

TEST_F(TlsTransportTest, EnforcesBothEndsOfValidityAtATrueTime) {
    const seconds now = wall_clock();
    EXPECT_EQ(judged(certificates.certificate(), {now, true}), "");
    EXPECT_THAT(judged(certificates.expired_certificate(), {now, true}), HasSubstr("has expired"));
    EXPECT_THAT(judged(certificates.future_certificate(), {now, true}), HasSubstr("not yet valid"));
}

TEST_F(TlsTransportTest, JudgesAtTheTimeThatItIsGivenAndNotByTheWallClock) {
    const seconds then = wall_clock() - std::chrono::minutes(90), later = wall_clock() + std::chrono::minutes(90);
    EXPECT_EQ(judged(certificates.expired_certificate(), {then, true}), "");
    EXPECT_EQ(judged(certificates.future_certificate(), {later, true}), "");
    EXPECT_THAT(judged(certificates.certificate(), {later, true}), HasSubstr("has expired"));
}

TEST_F(TlsTransportTest, TakesNoCertificateOfTheChainForTooYoungWhileTheTimeIsNotKnown) {
    const seconds years_ago = wall_clock() - hours(24 * 365 * 3);
    EXPECT_EQ(judged(certificates.certificate(), {years_ago, false}), "");
    EXPECT_EQ(judged(certificates.future_certificate(), {wall_clock(), false}), "");
    EXPECT_THAT(judged(certificates.certificate(), {years_ago, true}), HasSubstr("not yet valid"));
}

TEST_F(TlsTransportTest, TakesAnExpiredOneForExpiredWhileTheTimeIsNotKnown) {
    EXPECT_THAT(judged(certificates.expired_certificate(), {wall_clock(), false}), HasSubstr("has expired"));
}

TEST_F(TlsTransportTest, ChecksChainAndNameWhileTheTimeIsNotKnown) {
    const CertificateTime unknown{wall_clock(), false};
    open("localhost", route_at(unknown, {certificates.stranger(), "", ""}), *server);
    EXPECT_EQ(listener.failures.size(), 1u);
    const auto other = make_tls_server(io, certificates.certificate_for_another_host(), certificates.key());
    open("localhost", route_at(unknown, {certificates.authority(), "", ""}), *other);
    EXPECT_EQ(listener.failures.size(), 1u);
}

TEST_F(TlsTransportTest, ReportsAServerThatSpeaksNoTls) {
    RawServer raw(io);
    transport = make_websocket_transport(io, true_route());
    transport->open("wss://127.0.0.1:" + raw.port() + "/v1?token=geheim", listener);
    run_until(io, [&raw] { return raw.accepted() && !raw.received.empty(); });
    EXPECT_THAT(listener.steps, ElementsAre(OpenStep::connecting, OpenStep::securing));
    raw.say("HTTP/1.1 200 OK\r\n\r\n");
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_EQ(listener.failures[0].fault, OpenFault::tls);
    EXPECT_THAT(listener.failures[0].text, Not(HasSubstr("geheim")));
}

TEST_F(TlsTransportTest, ReportsAResetInTheMiddleOfTheHandshake) {
    RawServer raw(io);
    transport = make_websocket_transport(io, true_route());
    transport->open("wss://127.0.0.1:" + raw.port() + "/v1?token=geheim", listener);
    run_until(io, [&raw] { return raw.accepted() && !raw.received.empty(); });
    raw.reset();
    run_until(io, [this] { return !listener.failures.empty(); });
    EXPECT_EQ(listener.failures[0].fault, OpenFault::tls);
}

}  // namespace
}  // namespace fieldlink::test
