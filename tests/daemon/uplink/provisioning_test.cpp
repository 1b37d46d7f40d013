#include "daemon/uplink/provisioning.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "http_server.hpp"
#include "real_loop.hpp"
#include "route_at.hpp"
#include "test_certificates.hpp"
#include "websocket_server.hpp"

namespace fieldlink::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ProvisioningTest : public ::testing::Test {
protected:
    ProvisioningTest() {
        ::setenv("FIELDLINK_TEST_SECRET", "geheim", 1);
        config.url = server.url();
        config.secret = {SecretRef::From::env, "FIELDLINK_TEST_SECRET", {}};
    }

    CredentialAnswer fetch() {
        Provisioning provisioning(io, config, route);
        std::optional<CredentialAnswer> answer;
        provisioning.fetch([&answer](CredentialAnswer a) { answer = std::move(a); });
        EXPECT_FALSE(answer) << "answered from inside fetch()";
        run_until(io, [&answer] { return answer.has_value(); });
        if (!answer) return {};
        EXPECT_THAT(answer->error, Not(HasSubstr("geheim")));
        return *answer;
    }

    boost::asio::io_context io;
    HttpServer server{io};
    ProvisionConfig config;
    Route route;
};

TEST_F(ProvisioningTest, GetsATokenForTheDevicesSecret) {
    server.answer("200 OK", R"({"token":"a.b+c","expiresIn":3600})");
    EXPECT_EQ(fetch().query, "token=a.b%2Bc");
    ASSERT_EQ(server.requests.size(), 1u);
    EXPECT_THAT(server.requests[0], HasSubstr("GET /api/provision?deviceId=gw HTTP/1.1"));
    EXPECT_THAT(server.requests[0], HasSubstr("Authorization: Bearer geheim\r\n"));
}

TEST_F(ProvisioningTest, ReadsTheSecretEachTime) {
    server.answer("200 OK", R"({"token":"t"})");
    fetch();
    ::setenv("FIELDLINK_TEST_SECRET", "rotated", 1);
    fetch();
    ASSERT_EQ(server.requests.size(), 2u);
    EXPECT_THAT(server.requests[1], HasSubstr("Bearer rotated"));
}

TEST_F(ProvisioningTest, TakesARefusalForAMatterOfCredentials) {
    for (const char* status : {"401 Unauthorized", "403 Forbidden"}) {
        server.answer(status, "{}");
        const CredentialAnswer answer = fetch();
        EXPECT_EQ(answer.query, "");
        EXPECT_EQ(answer.trouble, Trouble::provisioning_refused) << status;
        EXPECT_THAT(answer.error, HasSubstr(std::string(status).substr(0, 3)));
    }
}

TEST_F(ProvisioningTest, NeverFollowsARedirectWithTheSecret) {
    HttpServer elsewhere(io);
    elsewhere.answer("200 OK", R"({"token":"stolen"})");
    server.answer("302 Found", "", "Location: " + elsewhere.url());
    const CredentialAnswer answer = fetch();
    EXPECT_EQ(answer.trouble, Trouble::provisioning_failed);
    EXPECT_THAT(answer.error, HasSubstr("redirect"));
    EXPECT_TRUE(elsewhere.requests.empty());
}

TEST_F(ProvisioningTest, HandsOnHowLongTheServiceWantsToBeLeftAlone) {
    for (const char* status : {"429 Too Many Requests", "503 Service Unavailable"}) {
        server.answer(status, "{}", "Retry-After: 90");
        const CredentialAnswer answer = fetch();
        EXPECT_EQ(answer.trouble, Trouble::provisioning_failed) << status;
        EXPECT_EQ(answer.retry_after, milliseconds(90'000)) << status;
    }
}

TEST_F(ProvisioningTest, WaitsAnHourAtMostAndNeverForADateThatIsFarAway) {
    server.answer("503 Later", "{}", "Retry-After: 7200");
    EXPECT_EQ(fetch().retry_after, milliseconds(3'600'000));
    for (const char* header :
         {"X-None: 1", "Retry-After: -5", "Retry-After: soon", "Retry-After: 99999999999999999999",
          "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT", "Retry-After: Thu, 01 Jan 1970 00:00:09 GMT"}) {
        server.answer("503 Later", "{}", header);
        EXPECT_EQ(fetch().retry_after, milliseconds(0)) << header;
    }
}

TEST_F(ProvisioningTest, TakesNoRestFromOtherAnswers) {
    server.answer("500 Oops", "{}", "Retry-After: 90");
    EXPECT_EQ(fetch().retry_after, milliseconds(0));
}

TEST_F(ProvisioningTest, SaysThatAUrlIsNone) {
    config.url = "nonsense geheim";
    EXPECT_EQ(fetch().trouble, Trouble::provisioning_failed);
}

struct BadAnswer {
    const char* status;
    std::string body;
    const char* said;
};

class BadProvisioningAnswer : public ProvisioningTest, public ::testing::WithParamInterface<BadAnswer> {};

TEST_P(BadProvisioningAnswer, IsNoTokenAndSaysWhy) {
    server.answer(GetParam().status, GetParam().body);
    const CredentialAnswer answer = fetch();
    EXPECT_EQ(answer.query, "");
    EXPECT_EQ(answer.trouble, Trouble::provisioning_failed);
    EXPECT_THAT(answer.error, HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(Provisioning, BadProvisioningAnswer,
                         ::testing::Values(BadAnswer{"500 Oops", "{}", "HTTP 500"},
                                           BadAnswer{"404 Not Found", R"({"token":"t"})", "HTTP 404"},
                                           BadAnswer{"200 OK", "<html>log in</html>", "web page"},
                                           BadAnswer{"200 OK", R"({"token":)", "no JSON"},
                                           BadAnswer{"200 OK", R"({"tokens":"t"})", "no token"},
                                           BadAnswer{"200 OK", R"({"token":7})", "no token"},
                                           BadAnswer{"200 OK", R"({"token":""})", "no token"},
                                           BadAnswer{"200 OK", "[]", "no token"}, BadAnswer{"200 OK", "", "no JSON"},
                                           BadAnswer{"200 OK", std::string(70'000, ' '), "longer than 65536"}));

TEST_F(ProvisioningTest, GivesUpOnAServiceThatDoesNotAnswer) {
    config.timeout = milliseconds(100);
    const CredentialAnswer answer = fetch();
    EXPECT_EQ(answer.trouble, Trouble::provisioning_failed);
    EXPECT_THAT(answer.error, HasSubstr("timed out"));
}

TEST_F(ProvisioningTest, SaysThatNobodyListens) {
    config.url = "http://127.0.0.1:1/";
    EXPECT_EQ(fetch().trouble, Trouble::provisioning_failed);
}

TEST_F(ProvisioningTest, SaysWhichSecretIsMissing) {
    ::unsetenv("FIELDLINK_TEST_SECRET");
    const CredentialAnswer answer = fetch();
    EXPECT_EQ(answer.trouble, Trouble::secret_unreadable);
    EXPECT_THAT(answer.error, HasSubstr("FIELDLINK_TEST_SECRET"));
    EXPECT_TRUE(server.requests.empty());
}

TEST_F(ProvisioningTest, AnswersNothingOnceCancelledOrDestroyed) {
    server.answer("200 OK", R"({"token":"t"})");
    auto provisioning = std::make_unique<Provisioning>(io, config, Route{});
    const auto never = [](const CredentialAnswer&) { ADD_FAILURE() << "answered after cancel()"; };
    provisioning->fetch(never);
    run_until(io, [this] { return server.requests.size() == 1; });
    provisioning->cancel();
    provisioning->fetch(never);
    provisioning.reset();
    EXPECT_EQ(fetch().query, "token=t");
}

class TlsProvisioningTest : public ProvisioningTest {
protected:
    /// Why a server with this certificate gave no token, judged by this time: "" if it gave one.
    std::string judged(const std::string& certificate, CertificateTime time, const std::string& client_authority = "") {
        servers.push_back(make_tls_server(io, certificate, certificates.key(), client_authority));
        servers.back()->body = R"({"token":"t"})";
        config.url = "https://localhost:" + std::to_string(servers.back()->port()) + "/api?deviceId=gw";
        route.certificate_time = [time] { return time; };
        return fetch().error;
    }

    TestCertificates certificates;
    std::vector<std::unique_ptr<WebsocketServer>> servers;  ///< they must not end before the loop
    const CertificateTime now{wall_clock(), true}, unknown{wall_clock() - std::chrono::hours(24 * 365), false};
};

TEST_F(TlsProvisioningTest, FollowsTheSameRulesAsTheWebSocket) {
    route.tls.ca_file = certificates.authority();
    EXPECT_EQ(judged(certificates.certificate(), now), "");
    EXPECT_EQ(judged(certificates.certificate(), unknown), "");
    EXPECT_THAT(judged(certificates.expired_certificate(), now), HasSubstr("has expired"));
    EXPECT_THAT(judged(certificates.future_certificate(), now), HasSubstr("not yet valid"));
    EXPECT_EQ(judged(certificates.future_certificate(), unknown), "");
    EXPECT_THAT(judged(certificates.certificate_for_another_host(), now), HasSubstr("another host"));
}

TEST_F(TlsProvisioningTest, TrustsTheAuthorityOfTheConfigurationOnly) {
    EXPECT_THAT(judged(certificates.certificate(), now), HasSubstr("not trusted"));
    route.tls.ca_file = certificates.stranger();
    EXPECT_THAT(judged(certificates.certificate(), now), HasSubstr("not trusted"));
    route.tls.ca_file = "/nonexistent/ca.pem";
    EXPECT_THAT(judged(certificates.certificate(), now), HasSubstr("uplink.tls.ca_file: /nonexistent/ca.pem"));
}

TEST_F(TlsProvisioningTest, ProvesItselfByItsCertificateIfTheServerAsks) {
    route.tls.ca_file = certificates.authority();
    EXPECT_NE(judged(certificates.certificate(), now, certificates.authority()), "");
    route.tls.cert = certificates.client_certificate();
    route.tls.key = certificates.key();
    EXPECT_EQ(judged(certificates.certificate(), now, certificates.authority()), "");
}

TEST(StoredCredentials, AreReadEachTimeAndPutIntoTheUrl) {
    boost::asio::io_context io;
    UplinkConfig config;
    config.auth = ApiKeyAuth{{SecretRef::From::env, "FIELDLINK_TEST_KEY", {}}};
    const auto credentials = make_credentials(io, config, {});
    ::setenv("FIELDLINK_TEST_KEY", "pk_live_1", 1);
    std::vector<CredentialAnswer> answers;
    const auto keep = [&answers](CredentialAnswer a) { answers.push_back(std::move(a)); };
    credentials->fetch(keep);
    io.run();
    ::unsetenv("FIELDLINK_TEST_KEY");
    credentials->fetch(keep);
    io.restart();
    io.run();
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[0].query, "key=pk_live_1");
    EXPECT_EQ(answers[1].trouble, Trouble::secret_unreadable);
}

}  // namespace
}  // namespace fieldlink::test
