#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <string>
#include <thread>

namespace fieldlink {

/// A named thread that runs one io_context. Everything that lives on it is touched by functions posted to it and by
/// nothing else, so none of it needs a lock.
///
/// An exception that reaches the thread's boundary ends the thread and is handed to `on_failure` (on that thread).
/// The owner joins the worker before it destroys anything that posted functions can reach.
class Worker {
public:
    using OnFailure = std::function<void(const std::string& worker, const std::exception& error)>;

    /// `name` is what `ps -L` and the journal show (15 characters are kept).
    Worker(std::string name, OnFailure on_failure);

    /// As join().
    ~Worker();

    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();

    /// Any thread. Runs `function` on this worker, in the order of posting.
    template <class Function>
    void post(Function&& function) {
        boost::asio::post(context_, std::forward<Function>(function));
    }

    boost::asio::io_context& context() { return context_; }

    /// Ends the thread after the function that runs now; functions that were posted and not yet run are dropped.
    void stop();

    /// Any thread but this worker's. Stops and waits, however long the present function takes.
    void join();

    /// True once the thread has ended, or was never started. Does not wait.
    bool has_ended();

private:
    void run() noexcept;

    std::string name_;
    OnFailure on_failure_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_{context_.get_executor()};
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

}  // namespace fieldlink
