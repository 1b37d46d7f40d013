#include "daemon/uplink/link_states.hpp"

#include <cassert>

namespace fieldlink {
namespace {

using S = LinkState;
using E = LinkEvent;
using A = LinkAction;
using std::chrono::milliseconds;

struct Phase {
    S state;
    std::string_view name;
    UplinkState shown;
    milliseconds limit;
};

constexpr milliseconds kNone{0};

// clang-format off
constexpr Phase kPhases[] = {
    // state           name              shown                    at most
    {S::idle,           "idle",           UplinkState::connecting, kNone},
    {S::authenticating, "authenticating", UplinkState::connecting, milliseconds(60'000)},  // provisioning has its own deadline
    {S::resolving,      "resolving",      UplinkState::connecting, milliseconds(10'000)},
    {S::connecting,     "connecting",     UplinkState::connecting, milliseconds(15'000)},
    {S::securing,       "securing",       UplinkState::connecting, milliseconds(10'000)},
    {S::upgrading,      "upgrading",      UplinkState::connecting, milliseconds(10'000)},
    {S::welcoming,      "welcoming",      UplinkState::connecting, milliseconds(10'000)},
    {S::subscribing,    "subscribing",    UplinkState::connected,  milliseconds(60'000)},
    {S::online,         "online",         UplinkState::connected,  kNone},
    {S::refreshing,     "refreshing",     UplinkState::connected,  milliseconds(60'000)},
    {S::renewing,       "renewing",       UplinkState::connected,  milliseconds(10'000)},
    {S::closing,        "closing",        UplinkState::connecting, milliseconds(2'000)},
    {S::waiting,        "waiting",        UplinkState::waiting,    kNone},
    {S::flushing,       "flushing",       UplinkState::connected,  kNone},
    {S::leaving,        "leaving",        UplinkState::waiting,    milliseconds(1'000)},
    {S::stopped,        "stopped",        UplinkState::waiting,    kNone},
};

constexpr Transition kTransitions[] = {
    // state            event               next               action
    {S::idle,           E::start,           S::waiting,        A::hasten_retry      },
    {S::idle,           E::stop,            S::stopped,        A::finish            },

    {S::authenticating, E::credential,      S::resolving,      A::open              },
    {S::authenticating, E::no_credential,   S::waiting,        A::plan_retry        },
    {S::authenticating, E::deadline,        S::waiting,        A::plan_retry        },
    {S::authenticating, E::stop,            S::stopped,        A::finish            },

    {S::resolving,      E::resolved,        S::connecting,     A::none              },
    {S::resolving,      E::lost,            S::waiting,        A::plan_retry        },
    {S::resolving,      E::deadline,        S::waiting,        A::plan_retry        },
    {S::resolving,      E::stop,            S::stopped,        A::finish            },

    {S::connecting,     E::reached,         S::securing,       A::none              },
    {S::connecting,     E::secured,         S::upgrading,      A::none              },
    {S::connecting,     E::lost,            S::waiting,        A::plan_retry        },
    {S::connecting,     E::deadline,        S::waiting,        A::plan_retry        },
    {S::connecting,     E::stop,            S::stopped,        A::finish            },

    {S::securing,       E::secured,         S::upgrading,      A::none              },
    {S::securing,       E::lost,            S::waiting,        A::plan_retry        },
    {S::securing,       E::deadline,        S::waiting,        A::plan_retry        },
    {S::securing,       E::stop,            S::stopped,        A::finish            },

    {S::upgrading,      E::opened,          S::welcoming,      A::none              },
    {S::upgrading,      E::lost,            S::waiting,        A::plan_retry        },
    {S::upgrading,      E::deadline,        S::waiting,        A::plan_retry        },
    {S::upgrading,      E::stop,            S::stopped,        A::finish            },

    {S::welcoming,      E::welcome,         S::subscribing,    A::begin_publishing  },
    {S::welcoming,      E::lost,            S::waiting,        A::plan_retry        },
    {S::welcoming,      E::deadline,        S::closing,        A::close             },
    {S::welcoming,      E::stop,            S::stopped,        A::finish            },

    {S::subscribing,    E::subscribed,      S::online,         A::none              },
    {S::subscribing,    E::deadline,        S::online,         A::none              },
    {S::subscribing,    E::network_changed, S::subscribing,    A::probe             },
    {S::subscribing,    E::dead,            S::closing,        A::close             },
    {S::subscribing,    E::lost,            S::waiting,        A::plan_retry        },
    {S::subscribing,    E::stop,            S::flushing,       A::none              },

    {S::online,         E::renew,           S::refreshing,     A::refresh_credential},
    {S::online,         E::network_changed, S::online,         A::probe             },
    {S::online,         E::dead,            S::closing,        A::close             },
    {S::online,         E::lost,            S::waiting,        A::plan_retry        },
    {S::online,         E::stop,            S::flushing,       A::none              },

    {S::refreshing,     E::credential,      S::renewing,       A::pause_publishing  },
    {S::refreshing,     E::no_credential,   S::online,         A::renew_later       },
    {S::refreshing,     E::deadline,        S::online,         A::renew_later       },
    {S::refreshing,     E::network_changed, S::refreshing,     A::probe             },
    {S::refreshing,     E::dead,            S::closing,        A::close             },
    {S::refreshing,     E::lost,            S::waiting,        A::plan_retry        },
    {S::refreshing,     E::stop,            S::flushing,       A::none              },

    {S::renewing,       E::drained,         S::closing,        A::close             },
    {S::renewing,       E::deadline,        S::closing,        A::close             },
    {S::renewing,       E::dead,            S::closing,        A::close             },
    {S::renewing,       E::lost,            S::waiting,        A::plan_retry        },
    {S::renewing,       E::stop,            S::flushing,       A::resume_publishing },

    {S::closing,        E::lost,            S::waiting,        A::plan_retry        },
    {S::closing,        E::deadline,        S::waiting,        A::plan_retry        },
    {S::closing,        E::stop,            S::stopped,        A::finish            },

    {S::waiting,        E::deadline,        S::authenticating, A::fetch_credential  },
    {S::waiting,        E::retry_now,       S::waiting,        A::hasten_retry      },
    {S::waiting,        E::network_changed, S::waiting,        A::hasten_by_network },
    {S::waiting,        E::stop,            S::stopped,        A::finish            },

    {S::flushing,       E::drained,         S::leaving,        A::close             },
    {S::flushing,       E::deadline,        S::leaving,        A::close             },
    {S::flushing,       E::dead,            S::leaving,        A::close             },
    {S::flushing,       E::lost,            S::stopped,        A::finish            },

    {S::leaving,        E::lost,            S::stopped,        A::finish            },
    {S::leaving,        E::deadline,        S::stopped,        A::finish            },
};
// clang-format on

const Phase& phase(LinkState state) {
    const Phase& found = kPhases[static_cast<std::size_t>(state)];
    assert(found.state == state);
    return found;
}

}  // namespace

const Transition* transition(LinkState state, LinkEvent event) {
    for (const Transition& row : kTransitions)
        if (row.state == state && row.event == event) return &row;
    return nullptr;
}

std::optional<milliseconds> time_limit(LinkState state) {
    const milliseconds limit = phase(state).limit;
    if (limit == kNone) return std::nullopt;
    return limit;
}

std::string_view name(LinkState state) {
    return phase(state).name;
}

UplinkState shown_as(LinkState state) {
    return phase(state).shown;
}

}  // namespace fieldlink
