#include "daemon/uplink/link_states.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

using std::chrono::seconds;

TEST(LinkStates, LeadBackToOnlineFromEveryStateUntilStopped) {
    const std::vector<LinkEvent> ordinary = {
        LinkEvent::start,   LinkEvent::credential, LinkEvent::resolved, LinkEvent::secured, LinkEvent::opened,
        LinkEvent::welcome, LinkEvent::subscribed, LinkEvent::drained,  LinkEvent::lost,    LinkEvent::deadline};
    for (int first = 0; first <= static_cast<int>(LinkState::waiting); ++first) {
        std::vector<LinkState> reached{static_cast<LinkState>(first)};
        for (std::size_t i = 0; i < reached.size(); ++i)
            for (const LinkEvent event : ordinary) {
                const Transition* const row = transition(reached[i], event);
                if (row && std::count(reached.begin(), reached.end(), row->next) == 0) reached.push_back(row->next);
            }
        EXPECT_EQ(std::count(reached.begin(), reached.end(), LinkState::online), 1) << name(reached.front());
    }
}

TEST(LinkStates, EndFromEveryStateWhenToldToStop) {
    for (int state = 0; state <= static_cast<int>(LinkState::waiting); ++state)
        EXPECT_TRUE(transition(static_cast<LinkState>(state), LinkEvent::stop)) << name(static_cast<LinkState>(state));
}

TEST(LinkStates, HaveADeadlineUnlessTheyMayLast) {
    for (int i = 0; i <= static_cast<int>(LinkState::leaving); ++i) {
        const auto state = static_cast<LinkState>(i);
        EXPECT_TRUE(!time_limit(state) || transition(state, LinkEvent::deadline)) << name(state);
    }
    for (const LinkState phase :
         {LinkState::resolving, LinkState::securing, LinkState::upgrading, LinkState::welcoming})
        EXPECT_EQ(time_limit(phase), seconds(10)) << name(phase);
    EXPECT_EQ(time_limit(LinkState::connecting), seconds(15));
}

}  // namespace
}  // namespace fieldlink
