#include "link_scene.hpp"

#include <algorithm>
#include <charconv>

#include "require.hpp"

namespace fieldlink::fuzz {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr int kFirstOfCredentials = static_cast<int>(Trouble::secret_unreadable);

int number(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::clamp(value, 0, 3'600'000);
}

}  // namespace

LinkScene::LinkScene() {
    config_.gateway = "gw";
    config_.uplink.url = "wss://cloud.example";
    config_.uplink.auth = ProvisionConfig{};
    config_.uplink.channels = {"fleet/gw/telemetry", "fleet/gw/cmd", "fleet/gw/cmd/result"};
    const UplinkCore::World world{clock_, *this, *this};
    link_ = std::make_unique<UplinkCore>(
        config_, static_cast<Uplink::Host&>(*this), [] { return 0.5; }, world);
    call([](UplinkCore& link) { link.start(); });
}

LinkScene::~LinkScene() = default;

void LinkScene::called_by_link() const {
    require(!inside_a_call_, "the link calls only from the loop, never from inside a call into it");
}

void LinkScene::step(char verb, std::string_view argument) {
    if (verb == 't')
        pass(milliseconds(number(argument)), [] { return false; });
    else if (verb == '<')
        say(std::string(argument));
    else if (std::string_view("obcfau").find(verb) != std::string_view::npos)
        cloud_step(verb, number(argument));
    else
        gateway_step(verb, number(argument));
}

void LinkScene::gateway_step(char verb, int argument) {
    switch (verb) {
        case 'k':
            bad_credentials_.push_back(
                {"", static_cast<Trouble>(kFirstOfCredentials + argument % 3), "no credential", milliseconds(0)});
            break;
        case 'q':
            credentials_silent_ = argument != 0;
            break;
        case 'm':
            owe(static_cast<std::size_t>(argument) % 70'000);
            break;
        case 'r':
            call([](UplinkCore& link) { link.retry_now(); });
            break;
        default:
            break;
    }
}

void LinkScene::pass(milliseconds time, const std::function<bool()>& finished) {
    const Instant end = loop_.now() + time;
    std::size_t looks = 0;
    loop_.run_until(end, [&looks, &finished] {
        require(++looks < 2'000'000, "the link does not spin");
        return finished();
    });
    if (loop_.now() < end && !finished()) loop_.pass(std::chrono::duration_cast<milliseconds>(end - loop_.now()));
}

void LinkScene::recover() {
    obliging_ = true;
    credentials_silent_ = false;
    bad_credentials_.clear();
    unsent_ = 0;
    owe(100);
    const auto all_is_well = [this] { return owed_.empty() && link_->status().state == UplinkState::connected; };
    pass(std::chrono::minutes(10), all_is_well);
    // A connection that is well may still be one on which the service takes tiny frames only. After it, a day is what
    // the service may have asked for by going_away.
    if (!all_is_well()) end_connection([](Listener& listener) { listener.on_closed(1001, ""); });
    pass(hours(30), all_is_well);
    require(link_->status().state == UplinkState::connected, "the link comes back to connected by itself");
    require(owed_.empty(), "what is owed is delivered once all works");
}

void LinkScene::stop() {
    bool done = false;
    call([&done](UplinkCore& link) { link.stop(milliseconds(2'000), [&done] { done = true; }); });
    pass(milliseconds(5'000), [&done] { return done; });
    require(done, "the link ends within its patience and a little more");
}

}  // namespace fieldlink::fuzz
