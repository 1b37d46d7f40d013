#include <vector>

#include <gmock/gmock.h>
#include <sys/resource.h>

#include "control_fixture.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;
using testing::Optional;

using ControlLimits = ControlTest;

TEST_F(ControlLimits, TakesALineOf64KiB) {
    serve();
    const auto client = this->client();
    std::string line = R"({"verb":"status","and":")";
    line.append(64 * 1024 - line.size() - 2, 'x').append("\"}");
    ASSERT_EQ(line.size(), 64u * 1024);

    client->send(line + '\n');

    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlLimits, EndsTheConnectionAfterALongerLine) {
    serve();
    const auto client = this->client();

    client->send(std::string(64 * 1024 + 1, ' '));

    EXPECT_THAT(error_in(client->line()), HasSubstr("at most 65536 bytes"));
    EXPECT_EQ(client->line(), std::nullopt);
}

TEST_F(ControlLimits, RefusesTheSeventeenthClientUntilOneHasLeft) {
    serve();
    std::vector<std::unique_ptr<UnixClient>> clients;
    for (std::size_t i = 0; i < 16; ++i)
        clients.push_back(client());

    const auto refused = client();
    EXPECT_THAT(error_in(refused->line()), HasSubstr("16 clients"));
    EXPECT_EQ(refused->line(), std::nullopt);
    for (const auto& client : clients) {
        client->send(kStatus);
        EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
    }

    clients.front()->close();
    settle(io_);
    const auto admitted = client();
    admitted->send(kStatus);
    EXPECT_THAT(admitted->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlLimits, CutsOffAFollowerThatDoesNotReadAndSparesTheOthers) {
    serve();
    const auto slow = client(), quick = client();
    slow->send(kTail);
    slow->line();
    quick->send(kTail);
    quick->line();
    const std::string reading = R"({"sensor":")" + std::string(10'000, 'x') + "\"}";

    // What the kernel takes for a reader that sleeps, and our 256 KiB, lie far below 20 MB.
    for (int i = 0; i < 2000; ++i) {
        server_->publish_reading(reading);
        ASSERT_EQ(quick->line(), reading) << i;
    }

    int received = 0;
    while (slow->line())
        ++received;
    EXPECT_LT(received, 1000);
    EXPECT_TRUE(server_->has_followers());
}

TEST_F(ControlLimits, KeepsALittleForAFollowerThatReadsLater) {
    serve();
    const auto slow = client();
    slow->send(kTail);
    slow->line();
    const std::string reading = R"({"sensor":")" + std::string(10'000, 'x') + "\"}";

    for (int i = 0; i < 26; ++i)
        server_->publish_reading(reading);

    for (int i = 0; i < 26; ++i)
        EXPECT_EQ(slow->line(), reading) << i;
}

TEST_F(ControlLimits, CutsOffAClientThatAsksAndDoesNotRead) {
    status_ = R"({"gateway":")" + std::string(100'000, 'x') + "\"}";
    serve();
    const auto client = this->client();

    for (int i = 0; i < 200; ++i)
        client->send(kStatus);
    settle(io_);

    int received = 0;
    while (client->line())
        ++received;
    EXPECT_LT(received, 20);
}

TEST_F(ControlLimits, SendsAnAnswerThatIsLargerThanWhatMayWait) {
    status_ = R"({"gateway":")" + std::string(3'000'000, 'x') + "\"}";
    serve();
    const auto client = this->client();

    client->send(kStatus);

    EXPECT_EQ(client->line(), R"({"ok":true,"status":)" + status_ + "}");
}

TEST_F(ControlLimits, AdmitsAClientThatCameWhileFileDescriptorsHadRunOut) {
    serve();
    const auto client = this->client();
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{0, before.rlim_max};

    ::setrlimit(RLIMIT_NOFILE, &none);
    EXPECT_EQ(io_.poll(), 1u) << "the accept that fails";
    EXPECT_EQ(io_.poll(), 0u) << "it is not repeated at once";
    ::setrlimit(RLIMIT_NOFILE, &before);

    client->send(kStatus);
    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
}

}  // namespace
}  // namespace fieldlink
