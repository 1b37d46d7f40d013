#include <boost/asio/local/stream_protocol.hpp>
#include <fstream>
#include <system_error>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "control_fixture.hpp"

namespace fieldlink {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ControlSocketFile : public ControlTest {
protected:
    /// Why serve() failed.
    std::string refusal() {
        try {
            serve();
        } catch (const std::system_error& error) {
            return error.what();
        }
        return "it did not fail";
    }
};

TEST_F(ControlSocketFile, IsForItsUserAndGroupWhateverTheUmaskSays) {
    const mode_t before = ::umask(0077);
    serve();
    ::umask(before);

    EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0660));
}

TEST_F(ControlSocketFile, IsRemovedInTheEnd) {
    serve();
    ASSERT_TRUE(fs::exists(path_));

    server_.reset();

    EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ControlSocketFile, IsReplacedWhenNobodyListensOnIt) {
    // What a daemon leaves that was killed: closed, and not removed.
    boost::asio::local::stream_protocol::acceptor(io_, boost::asio::local::stream_protocol::endpoint(path_)).close();
    ASSERT_TRUE(fs::is_socket(path_));

    serve();

    const auto client = this->client();
    client->send("{\"verb\":\"status\"}\n");
    EXPECT_THAT(client->line(), testing::Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlSocketFile, InUseByAnotherDaemonIsAnErrorAndStaysItsOwn) {
    boost::asio::io_context other_io;
    ControlServer other(other_io, path_, *this);

    EXPECT_THAT(refusal(), testing::AllOf(HasSubstr(path_), HasSubstr("another process"), HasSubstr("systemctl stop")));

    UnixClient client(other_io, path_);
    client.send("{\"verb\":\"status\"}\n");
    EXPECT_THAT(client.line(), testing::Optional(HasSubstr("sensor-42")));
}

TEST_F(ControlSocketFile, OfAnotherKindIsNeverDeleted) {
    std::ofstream(path_) << "the outbox, by a slip of the pen";

    EXPECT_THAT(refusal(), testing::AllOf(HasSubstr(path_), HasSubstr("not a socket")));

    EXPECT_EQ(fs::file_size(path_), 32u);
}

TEST_F(ControlSocketFile, ThatAnotherDaemonPutInThePlaceMeanwhileIsNotRemoved) {
    serve();
    fs::remove(path_);
    boost::asio::io_context other_io;
    ControlServer other(other_io, path_, *this);

    server_.reset();

    EXPECT_TRUE(fs::is_socket(path_));
}

TEST_F(ControlSocketFile, InAFolderThatIsMissingIsAnErrorThatSaysSo) {
    path_ = folder_ / "missing" / "control.sock";

    EXPECT_THAT(refusal(), testing::AllOf(HasSubstr(path_), HasSubstr("directory must exist"), HasSubstr("No such")));
}

TEST_F(ControlSocketFile, WithATooLongPathIsAnErrorThatSaysHowLongItMayBe) {
    path_ = folder_ / std::string(108, 'x');

    EXPECT_THAT(refusal(), testing::AllOf(HasSubstr(path_), HasSubstr("1 to 107 bytes")));
}

}  // namespace
}  // namespace fieldlink
