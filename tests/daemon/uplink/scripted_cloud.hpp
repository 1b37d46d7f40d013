#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "daemon/uplink/transport.hpp"
#include "virtual_loop.hpp"

namespace fieldlink::test {

/// The service as a script: what must come next, and what it answers. Anything else that comes is a failure of the
/// test, except pings, which are answered unless they are expected. The script must be used up.
class ScriptedCloud final : public Transport {
public:
    /// One thing that is expected; its answers follow in the order in which they are written down.
    class Expectation {
    public:
        Expectation& welcome(const std::string& more_members = "");
        Expectation& ack();
        Expectation& ack_twice() { return ack().ack(); }
        Expectation& error(const std::string& code);
        Expectation& say(const std::string& frame);
        Expectation& binary();
        Expectation& refuse(int http_status, const std::string& retry_after = "");
        Expectation& close(int code);

        /// Of a connect: so many of its three steps begin, and then nothing comes any more.
        Expectation& hang_after(int steps);
        Expectation& drop_connection() { return close(1006); }

    private:
        friend class ScriptedCloud;
        using Answer = std::function<void(ScriptedCloud& cloud, const std::string& request_id)>;
        std::string what_;
        std::vector<Answer> answers_;
        bool opens_ = true;
        int steps_ = 3;
    };

    explicit ScriptedCloud(VirtualLoop& loop) : loop_(loop) {}

    Expectation& expect_connect() { return expect("connect"); }
    Expectation& expect_subscribe(const std::string& channel) { return expect("subscribe " + channel); }

    /// The ids of all messages in it, with a space between.
    Expectation& expect_publish(const std::string& message_ids) { return expect("publish " + message_ids); }
    Expectation& expect_ping() { return expect("ping"); }
    Expectation& expect_close(int code) { return expect("close " + std::to_string(code)); }

    /// Once the script is used up, every publish is acked.
    void ack_all_that_follows() { acks_all_ = true; }

    /// A frame with this in it is not sendable, as if it were not UTF-8; empty: every frame is.
    std::string unsendable;

    /// Without being asked.
    void say(const std::string& frame);
    void close_now(int code);

    bool script_used_up() const { return script_.empty(); }

    std::vector<std::string> urls;         ///< of all connects
    std::vector<Instant> connects;         ///< when they came
    std::vector<std::string> request_ids;  ///< of all requests
    std::vector<Instant> frames;           ///< when frames came, on all connections
    std::vector<std::size_t> sizes;        ///< of the same frames
    std::vector<std::string> published;    ///< the ids in each publish
    std::size_t unsent = 0;

    void open(const std::string& url, Listener& listener) override;
    Sent send(std::string text) override;
    std::size_t unsent_bytes() const override { return unsent; }
    void close(int code, std::string_view reason) override;
    void drop() override;
    std::optional<std::chrono::seconds> certificate_ends() const override { return std::nullopt; }

private:
    Expectation& expect(const std::string& what);
    bool is_expected(const std::string& what) const { return !script_.empty() && script_.front().what_ == what; }
    void meet(const std::string& what, const std::string& request_id = "");
    void report(const std::function<void(Listener&)>& event);
    void end(const std::function<void(Listener&)>& event);

    VirtualLoop& loop_;
    std::deque<Expectation> script_;
    Listener* listener_ = nullptr;
    unsigned connection_ = 0;
    bool acks_all_ = false;
};

}  // namespace fieldlink::test
