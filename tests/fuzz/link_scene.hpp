#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/uplink/uplink_core.hpp"
#include "virtual_loop.hpp"

namespace fieldlink::fuzz {

/// A link with everything around it, in virtual time: transport, credentials and outbox do what a script says, and
/// look at everything the link does.
class LinkScene final : private Transport, private Credentials, private Uplink::Host {
public:
    LinkScene();
    ~LinkScene() override;

    /// One step of the script; see link_fuzz.cpp for what there is. What means nothing here is passed over.
    void step(char verb, std::string_view argument);

    /// From now on everything works, without anybody's help: the link must come back and deliver what is owed.
    void recover();

    /// The link must end in time.
    void stop();

private:
    // Transport
    void open(const std::string& url, Listener& listener) override;
    Sent send(std::string text) override;
    std::size_t unsent_bytes() const override { return unsent_; }
    void close(int code, std::string_view reason) override;
    void drop() override;
    std::optional<std::chrono::seconds> certificate_ends() const override { return std::chrono::hours(24 * 365 * 100); }

    // Credentials
    void fetch(Done done) override;
    void cancel() override { ++fetches_; }

    // Uplink::Host
    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) override;
    void settle(const std::vector<std::int64_t>& positions) override;
    void give_back(const std::vector<std::int64_t>& positions) override;
    void connection_ended(const std::vector<std::int64_t>& given_back) override { give_back(given_back); }
    void refuse(const std::vector<RefusedMessage>& messages) override;
    void command(std::string_view data, std::string_view from) override;
    void direct(std::string_view data, std::string_view from) override { command(data, from); }
    void service_time(std::chrono::milliseconds unix_time) override;
    std::optional<std::chrono::milliseconds> true_offset() override { return std::chrono::milliseconds(0); }
    CertificateTime certificate_time() override { return {}; }
    void verified_time(std::chrono::seconds, std::chrono::seconds) override;
    void uplink_changed(const UplinkStatus& status) override;

    void cloud_step(char verb, int argument);
    void take_all_steps(Listener& listener);
    void gateway_step(char verb, int argument);

    void hand_out(std::size_t max_messages, std::size_t max_bytes, Urgency urgency);
    void report(std::function<void(Listener&)> event);
    void say(std::string frame);
    void end_connection(std::function<void(Listener&)> event);
    void oblige(const std::string& request_id);
    void note_welcome_or_ack(std::string_view frame);
    void note_acked(const std::string& request_id);
    void require_rate();
    void require_connects();
    void require_publish(JsonValue frame, const std::string& request_id, std::size_t size);
    void owe(std::size_t bytes);
    void called_by_link() const;

    /// A call into the link, from which it must not call back.
    template <class Call>
    void call(Call call) {
        inside_a_call_ = true;
        call(*link_);
        inside_a_call_ = false;
    }

    void pass(std::chrono::milliseconds time, const std::function<bool()>& finished);

    test::VirtualLoop loop_;
    test::VirtualLoop::Clock clock_{loop_};
    Config config_;

    Listener* listener_ = nullptr;
    unsigned connection_ = 0;
    bool opened_ = false, closing_ = false, obliging_ = false;
    std::size_t unsent_ = 0, largest_limit_ = 0;
    double tokens_ = 0;  ///< of the service's bucket
    Instant tokens_at_;
    std::deque<Instant> connects_;
    std::deque<std::string> unanswered_;                      ///< requests of this connection
    std::map<std::string, std::vector<std::int64_t>> asked_;  ///< request → what was in it, on all connections

    unsigned fetches_ = 0;
    std::deque<CredentialAnswer> bad_credentials_;
    bool credentials_silent_ = false;

    std::map<std::int64_t, StoredMessage> owed_;
    std::set<std::int64_t> taken_, acked_;  ///< acked or refused for good
    std::int64_t last_position_ = 0;
    bool take_is_due_ = false;

    bool inside_a_call_ = false;
    std::unique_ptr<UplinkCore> link_;
};

}  // namespace fieldlink::fuzz
