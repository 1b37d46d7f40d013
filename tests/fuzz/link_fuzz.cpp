/// Input: what happens to a link, one step a line: a verb and its argument.
///
///   <FRAME   the service says FRAME          o        the connection is open
///   a        acks the oldest request         b        a binary frame comes
///   cCODE    closes with CODE                fSTATUS  the attempt fails, by HTTP STATUS or, with 0, by TLS
///   kN       the next credential fails       q1 q0    no credential comes at all; it does again
///   mBYTES   one more message is owed        uBYTES   so much of what was sent has not left yet
///   r        an attempt is asked for         tMS      time passes
///
/// Steps between two t happen in one turn of the loop. Whatever the script was: afterwards all works, and the link must
/// come back, deliver, and end.
#include "link_scene.hpp"

namespace fieldlink::fuzz {
namespace {

constexpr int kMostSteps = 400;

void run(std::string_view script) {
    LinkScene scene;
    for (int steps = 0; !script.empty() && steps < kMostSteps; ++steps) {
        const std::size_t end = std::min(script.find('\n'), script.size());
        if (end > 0) scene.step(script[0], script.substr(1, end - 1));
        script.remove_prefix(std::min(end + 1, script.size()));
    }
    scene.recover();
    scene.stop();
}

}  // namespace
}  // namespace fieldlink::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    fieldlink::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
