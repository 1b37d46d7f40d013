#include <gmock/gmock.h>
#include <unistd.h>

#include "control_fixture.hpp"
#include "without_rights.hpp"

namespace fieldlink {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

using ControlOutbox = ControlTest;

constexpr const char* kList = "{\"verb\":\"outbox_list\",\"range\":{\"from_seq\":5},\"from\":7}\n";
constexpr const char* kPurge = "{\"verb\":\"outbox_purge\"}\n";

TEST_F(ControlOutbox, AnswersWhenTheStorageThreadHas) {
    serve();
    const auto client = this->client();
    client->send(kList);
    settle(io_);
    ASSERT_THAT(outbox_requests_, SizeIs(1));
    EXPECT_EQ(outbox_requests_[0].range.from_seq, 5);
    EXPECT_EQ(outbox_requests_[0].from, 7);

    answer_outbox();

    EXPECT_EQ(client->line(), kOutboxAnswer);
}

TEST_F(ControlOutbox, AnswersInOrderAndReadsNoRequestMeanwhile) {
    serve();
    const auto waiting = client(), other = client();

    waiting->send(std::string(kList) + kList + kStatus);
    settle(io_);
    EXPECT_THAT(outbox_requests_, SizeIs(1));
    other->send(kStatus);
    EXPECT_THAT(other->line(), Optional(HasSubstr("sensor-42")));

    answer_outbox();
    EXPECT_EQ(waiting->line(), kOutboxAnswer);
    settle(io_);
    ASSERT_THAT(outbox_answers_, SizeIs(1));
    answer_outbox();
    EXPECT_EQ(waiting->line(), kOutboxAnswer);
    EXPECT_THAT(waiting->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlOutbox, TakesAnAnswerThatIsGivenAtOnce) {
    answers_at_once_ = true;
    serve();
    const auto client = this->client();

    client->send(std::string(kList) + kList + kStatus);

    EXPECT_EQ(client->line(), kOutboxAnswer);
    EXPECT_EQ(client->line(), kOutboxAnswer);
    EXPECT_THAT(client->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlOutbox, AnswersAClientThatHasClosedItsSendingSide) {
    serve();
    const auto client = this->client();
    client->send(kList);
    client->close_sending_side();
    settle(io_);

    answer_outbox();

    EXPECT_EQ(client->line(), kOutboxAnswer);
    EXPECT_EQ(client->line(), std::nullopt);
}

TEST_F(ControlOutbox, LetsAClientGoThatHasLeftBeforeItsAnswer) {
    serve();
    const auto client = this->client();
    client->send(kList);
    settle(io_);
    client->close();
    settle(io_);

    answer_outbox();
    settle(io_);

    const auto other = this->client();
    other->send(kStatus);
    EXPECT_THAT(other->line(), Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlOutbox, MayBeDestroyedBeforeTheAnswer) {
    serve();
    const auto client = this->client();
    client->send(kList);
    settle(io_);

    server_.reset();
    settle(io_);
    answer_outbox();
    settle(io_);

    EXPECT_EQ(client->line(), std::nullopt);
}

TEST_F(ControlOutbox, LetsThoseWithoutRightsReadButNotChange) {
    serve(OperatorRights(::geteuid() + 1, std::nullopt));
    answers_at_once_ = true;
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    std::filesystem::permissions(path_, std::filesystem::perms::all);
    std::unique_ptr<UnixClient> client;
    {
        const WithoutRights without_rights;
        client = this->client();
    }

    for (const char* line : {kPurge, "{\"verb\":\"outbox_replay\"}\n"}) {
        client->send(line);
        EXPECT_THAT(error_in(client->line()), HasSubstr("members of the group fieldlink-operators"));
    }
    EXPECT_THAT(outbox_requests_, IsEmpty());
    client->send(kList);
    EXPECT_EQ(client->line(), kOutboxAnswer);
}

TEST_F(ControlOutbox, LetsTheDaemonsOwnUserChange) {
    serve();
    answers_at_once_ = true;
    const auto client = this->client();

    client->send(kPurge);

    EXPECT_EQ(client->line(), kOutboxAnswer);
    ASSERT_THAT(outbox_requests_, SizeIs(1));
    EXPECT_EQ(outbox_requests_[0].verb, OutboxVerb::purge);
}

TEST_F(ControlOutbox, SaysWhatIsWrongWithARequest) {
    serve();
    const auto client = this->client();

    client->send("{\"verb\":\"outbox_purge\",\"range\":{\"until_seq\":9}}\n");

    EXPECT_THAT(error_in(client->line()), HasSubstr("\"until_seq\" is not known in a range"));
    EXPECT_THAT(outbox_requests_, IsEmpty());
}

}  // namespace
}  // namespace fieldlink
