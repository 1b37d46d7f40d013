#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

namespace fieldlink {

/// Hands functions to the loop on behalf of an object, and forgets those that have not run when the object goes: keep
/// it as the last member. [the loop's thread]
class Postbox {
public:
    explicit Postbox(boost::asio::io_context& io) : io_(io) {}
    Postbox(const Postbox&) = delete;
    Postbox& operator=(const Postbox&) = delete;

    template <class Function>
    void post(Function function) {
        boost::asio::post(io_, guard(std::move(function)));
    }

    /// `function`, which does nothing once this was destroyed or told to forget.
    template <class Function>
    auto guard(Function function) {
        return [alive = std::weak_ptr<char>(alive_), function = std::move(function)](auto&&... arguments) mutable {
            if (alive.lock()) function(std::forward<decltype(arguments)>(arguments)...);
        };
    }

    void forget() { alive_ = std::make_shared<char>(); }

private:
    boost::asio::io_context& io_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace fieldlink
