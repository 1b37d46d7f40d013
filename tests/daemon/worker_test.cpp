#include "daemon/worker.hpp"

#include <future>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

void nobody_fails(const std::string&, const std::exception&) {}

TEST(Worker, RunsWhatIsPostedInOrderOnItsOwnThread) {
    std::vector<int> order;
    std::promise<std::thread::id> done;
    Worker worker("w", nobody_fails);
    for (int i = 0; i < 100; ++i)
        worker.post([&order, i] { order.push_back(i); });
    worker.post([&done] { done.set_value(std::this_thread::get_id()); });
    worker.start();
    EXPECT_NE(done.get_future().get(), std::this_thread::get_id());
    worker.join();
    ASSERT_EQ(order.size(), 100u);
    EXPECT_EQ(order.back(), 99);
}

TEST(Worker, HandsAnExceptionToItsOwnerAndEnds) {
    std::promise<std::string> failed;
    Worker worker("storage", [&failed](const std::string& name, const std::exception& error) {
        failed.set_value(name + ": " + error.what());
    });
    worker.post([] { throw std::runtime_error("broken"); });
    worker.start();
    EXPECT_EQ(failed.get_future().get(), "storage: broken");
    worker.join();
    EXPECT_TRUE(worker.has_ended());
}

TEST(Worker, DropsWhatWasPostedAfterItsEnd) {
    Worker worker("w", nobody_fails);
    worker.start();
    worker.join();
    bool ran = false;
    worker.post([&ran] { ran = true; });
    EXPECT_FALSE(ran);
    EXPECT_TRUE(worker.has_ended());
}

}  // namespace
}  // namespace fieldlink
