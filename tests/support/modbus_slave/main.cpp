// A Modbus device for tests: many units behind one line, values that change by themselves, a log of what was served.
// Orders come on standard input, one a line (see Slave::order, and `close`); each is answered by one JSON line.
#include <CLI/CLI.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include <unistd.h>

#include "tests/support/modbus_slave/line.hpp"

namespace fieldlink {
namespace {

struct Arguments {
    std::string tcp, rtu, pty, log;
    std::string units = "1-20";
    int size = 1000;
    int baud = 19200;
    char parity = 'E';
};

// "1,3,10-12"
std::set<int> parse_units(const std::string& text) {
    std::set<int> units;
    for (const std::string& part : CLI::detail::split(text, ',')) {
        const std::size_t dash = part.find('-');
        const int first = std::stoi(part.substr(0, dash));
        const int last = dash == std::string::npos ? first : std::stoi(part.substr(dash + 1));
        for (int unit = first; unit <= last; ++unit)
            units.insert(unit);
    }
    return units;
}

class Program {
public:
    explicit Program(const Arguments& arguments)
        : slave_({arguments.tcp.empty() ? Framing::rtu : Framing::tcp, parse_units(arguments.units), arguments.size}),
          log_(arguments.log),
          line_(make_line(arguments)),
          orders_(io_),
          signals_(io_, SIGTERM, SIGINT) {
        boost::system::error_code no_orders;  // standard input is a file or /dev/null, which cannot be waited for
        orders_.assign(dup(STDIN_FILENO), no_orders);
    }

    void run() {
        std::cout << "{" << line_->where() << R"(,"pid":)" << getpid() << "}" << std::endl;
        signals_.async_wait([this](boost::system::error_code, int) { io_.stop(); });
        next_order();
        io_.run();
        log_.flush();
    }

private:
    std::unique_ptr<Line> make_line(const Arguments& arguments) {
        const Service service{io_, slave_, log_};
        if (!arguments.tcp.empty()) return std::make_unique<TcpLine>(service, arguments.tcp);
        if (!arguments.pty.empty()) return std::make_unique<PtyLine>(service, arguments.pty);
        return std::make_unique<SerialLine>(service, arguments.rtu, arguments.baud, arguments.parity);
    }

    void next_order() {
        boost::asio::async_read_until(orders_, boost::asio::dynamic_buffer(input_), '\n',
                                      [this](boost::system::error_code error, std::size_t size) {
                                          if (!error) on_order(size);
                                      });
    }

    void on_order(std::size_t size) {
        const std::string line = input_.substr(0, size - 1);
        input_.erase(0, size);
        std::string wrong;
        if (line == "close") {
            line_->cut();
        } else {
            wrong = slave_.order(line);
        }
        std::cout << (wrong.empty() ? R"({"ok":true})" : R"({"ok":false,"error":")" + wrong + "\"}") << std::endl;
        next_order();
    }

    boost::asio::io_context io_{1};
    Slave slave_;
    RecordLog log_;
    std::unique_ptr<Line> line_;
    boost::asio::posix::stream_descriptor orders_;
    boost::asio::signal_set signals_;
    std::string input_;
};

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) {
    fieldlink::Arguments arguments;
    CLI::App app("A Modbus slave for tests");
    CLI::Option_group* line = app.add_option_group("line");
    line->add_option("--tcp", arguments.tcp, "HOST:PORT to listen on; port 0 takes a free one, which is printed");
    line->add_option("--rtu", arguments.rtu, "serial device to answer on");
    line->add_option("--pty", arguments.pty, "make a pseudo terminal, and this link to its other end");
    line->require_option(1);
    app.add_option("--units", arguments.units, "unit ids that answer, e.g. 1,3,10-12")->capture_default_str();
    app.add_option("--size", arguments.size, "addresses in each table")
        ->capture_default_str()
        ->check(CLI::Range(1, 65536));
    app.add_option("--log", arguments.log, "file to append to, one JSON object for each request");
    app.add_option("--baud", arguments.baud, "of --rtu")->capture_default_str();
    app.add_option("--parity", arguments.parity, "of --rtu: N, E or O")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        fieldlink::Program(arguments).run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "modbus_slave: " << error.what() << '\n';
        return 1;
    }
}
