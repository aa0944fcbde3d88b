// The office under load: boards that upload single records, beside bare SQLite in the same run; pings and
// pages while boards upload, while an export is sent, and while thousands of boards stay connected.
//
//   office_bench [ROWS [CONNECTIONS]]: rows of the export; connections that are kept.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "content/http/server.hpp"
#include "tests/bench/latencies.hpp"
#include "tests/bench/office_load.hpp"
#include "tools/office/office.hpp"

namespace riverlight::office {
namespace {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using asio::ip::tcp;
using std::chrono::steady_clock;

/// Of all clients: one of its own each would take three descriptors.
asio::io_context& clients_loop() {
    static asio::io_context loop;
    return loop;
}

/// One kept connection to the office.
class Client {
  public:
    explicit Client(std::uint16_t port) : stream_(clients_loop()) {
        stream_.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
        stream_.socket().set_option(tcp::no_delay(true));
    }
    /// The status of the answer; its body is dropped.
    unsigned ask(wire::request<wire::string_body> request) {
        request.version(11);
        request.set(wire::field::host, "127.0.0.1");
        request.prepare_payload();
        wire::write(stream_, request);
        wire::response_parser<wire::string_body> answer;
        answer.body_limit(boost::none);
        wire::read(stream_, buffer_, answer);
        body = std::move(answer.get().body());
        return answer.get().result_int();
    }
    std::string body;

  private:
    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
};

wire::request<wire::string_body> next_upload(Board& board) {
    const auto next = board.next_upload(1);
    const auto& path = next.path;
    wire::request<wire::string_body> request(
        wire::verb::put, "/v1/boards/" + path.board + "/epochs/" + path.epoch + "/airings/" + path.range, 11);
    request.body() = next.body;
    request.set(wire::field::content_encoding, "gzip");
    request.set("Content-Digest", next.digest);
    return request;
}

wire::request<wire::string_body> ping_of(const Board& board) {
    wire::request<wire::string_body> request(wire::verb::put, "/v1/boards/" + board.id() + "/health", 11);
    request.body() = R"({"board":")" + board.id() + R"(","format":1,"version":"1"})";
    request.set("Riverlight-Signature", board.sign(request.body()));
    return request;
}

/// An office on a port of its own, in a thread of its own.
class RunningOffice {
  public:
    explicit RunningOffice(const std::string& folder, std::size_t connections) {
        OfficeSettings settings;
        settings.state_folder = folder;
        office_ = std::make_unique<Office>(loop_, settings, now);
        http::Limits limits;
        limits.body = longest_upload;
        limits.connections = limits.connections_of_a_peer = 512;
        limits.budgets = {{is_for_boards, connections + 200, connections + 200, 600s}};
        server_ = std::make_unique<http::Server>(
            loop_, "127.0.0.1:0",
            http::Server::AsyncHandler([this](http::Request request, const http::Reply& reply) {
                office_->answer(std::move(request), reply);
            }),
            limits);
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~RunningOffice() {
        asio::post(loop_, [this] {
            server_.reset();
            office_->stop();
            loop_.stop();
        });
        thread_.join();
    }
    RunningOffice(const RunningOffice&) = delete;
    RunningOffice& operator=(const RunningOffice&) = delete;
    RunningOffice(RunningOffice&&) = delete;
    RunningOffice& operator=(RunningOffice&&) = delete;
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

  private:
    asio::io_context loop_{1};
    std::unique_ptr<Office> office_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
};

void require(unsigned status, unsigned wanted, const char* what) {
    if (status == wanted) return;
    std::fprintf(stderr, "%s: answered %u instead of %u\n", what, status, wanted);
    std::exit(1);
}

/// Every board uploads one record after the other for so long. Its time is that of the boards' threads.
Rate upload_singles(std::uint16_t port, std::vector<Board>& boards, std::chrono::seconds how_long) {
    std::atomic<std::int64_t> count = 0;
    std::atomic<double> used = 0;
    std::vector<std::thread> threads;
    threads.reserve(boards.size());
    const auto begin = steady_clock::now();
    for (auto& board : boards)
        threads.emplace_back([&] {
            Client client(port);
            while (steady_clock::now() - begin < how_long) {
                require(client.ask(next_upload(board)), 200, "upload");
                ++count;
            }
            used += processor_seconds(RUSAGE_THREAD);
        });
    for (auto& thread : threads) thread.join();
    const auto all = static_cast<double>(count);
    return {all / std::chrono::duration<double>(steady_clock::now() - begin).count(), used * 1e6 / all};
}

/// Into bare SQLite, `group` of them a transaction.
Rate insert_bare(const std::string& file, Board& board, int group, std::chrono::seconds how_long) {
    BareDatabase database(file);
    std::int64_t count = 0;
    const auto begin = steady_clock::now();
    const auto used = processor_seconds(RUSAGE_THREAD);
    while (steady_clock::now() - begin < how_long) {
        SQLite::Transaction transaction(database.db);
        for (int i = 0; i < group; ++i, ++count) database.insert(board.next_record());
        transaction.commit();
    }
    const auto all = static_cast<double>(count);
    return {all / std::chrono::duration<double>(steady_clock::now() - begin).count(),
            (processor_seconds(RUSAGE_THREAD) - used) * 1e6 / all};
}

std::string sign_in(OfficeStore& store) {
    Access::set_user(store, "pmo", "river and light");
    const auto token = std::string(64, 'a');
    store.users.add_session(sha256_hex(token), "pmo", now());
    return "riverlight=" + token;
}

wire::request<wire::string_body> page(const std::string& path, const std::string& cookie) {
    wire::request<wire::string_body> request(wire::verb::get, path, 11);
    request.set(wire::field::cookie, cookie);
    return request;
}

void fill(OfficeStore& store, Board& board, int rows) {
    const PlaceFacts place{"KH", "Asia/Phnom_Penh"};
    for (int i = 0; i < rows;) {
        std::vector<AiringRecord> records;
        for (int j = 0; j < 1000 && i < rows; ++j, ++i) records.push_back(board.next_record());
        store.airings.add(records, place, now());
    }
}

/// What the parts of the bench share.
struct Bench {
    std::string folder;
    OfficeStore store{folder};
    std::string cookie = sign_in(store);
    Board pinging{store, 1002};
    RunningOffice office;
    Client pinger{office.port()};

    void ping() { require(pinger.ask(ping_of(pinging)), 200, "ping"); }
    /// Over a new connection, as a person who comes back.
    void read() { require(Client(office.port()).ask(page("/boards", cookie)), 200, "page"); }
    template <class Done>
    void ping_and_read(const Done& done, const std::string& beside) {
        auto pages = std::async(std::launch::async, [&] { return measure([&] { read(); }, done); });
        measure([&] { ping(); }, done).print(("ping " + beside).c_str());
        pages.get().print(("page " + beside).c_str());
    }
};

auto for_seconds(std::chrono::seconds seconds) {
    return [until = steady_clock::now() + seconds] { return steady_clock::now() > until; };
}

void run_uploads(Bench& bench) {
    std::vector<Board> boards;
    boards.reserve(64);
    for (int i = 0; i < 64; ++i) boards.emplace_back(bench.store, i);
    Board bare(bench.store, 1000);
    const auto used = processor_seconds(RUSAGE_SELF);
    auto uploads =
        std::async(std::launch::async, [&] { return upload_singles(bench.office.port(), boards, 8s); });
    bench.ping_and_read([&] { return uploads.wait_for(0s) == std::future_status::ready; },
                        "while 64 boards upload single records");
    const auto rate = uploads.get();
    const auto each = (processor_seconds(RUSAGE_SELF) - used) * 1e6 / (rate.a_second * 8) - rate.microseconds;
    const auto alone = insert_bare(bench.folder + "/bare1.db", bare, 1, 4s);
    const auto grouped = insert_bare(bench.folder + "/bare2.db", bare, 32, 4s);
    std::printf(
        "single records of 64 boards: %.0f/s; bare SQLite %.0f/s one by one, %.0f/s in groups of 32\n",
        rate.a_second, alone.a_second, grouped.a_second);
    std::printf(
        "the office's processor time for each: %.0f us, bare SQLite's in groups %.0f us, a board's %.0f us\n",
        each, grouped.microseconds, rate.microseconds);
}

void run_export(Bench& bench, int rows) {
    Board filler(bench.store, 1001);
    fill(bench.store, filler, rows);
    std::atomic<bool> exported = false;
    auto sent = std::async(std::launch::async, [&] {
        Client client(bench.office.port());
        const auto begin = steady_clock::now();
        const auto status = client.ask(page("/airings.csv?board=board-1001", bench.cookie));
        exported = true;
        require(status, 200, "export");
        return std::pair{client.body.size(), steady_clock::now() - begin};
    });
    bench.ping_and_read([&] { return exported.load(); }, "during an export");
    const auto [bytes, took] = sent.get();
    std::printf("export: %zu bytes of %d rows, %.0f rows/s\n", bytes, rows,
                rows / std::chrono::duration<double>(took).count());
}

/// Their boards are not known: they are answered and kept, and write nothing.
void run_kept(Bench& bench, std::size_t connections) {
    const wire::request<wire::string_body> unknown(wire::verb::put, "/v1/boards/x/health", 11, "{}");
    std::vector<std::unique_ptr<Client>> kept;
    for (std::size_t i = 0; i < connections; ++i) {
        kept.push_back(std::make_unique<Client>(bench.office.port()));
        require(kept.back()->ask(unknown), 403, "a kept connection");
    }
    bench.ping_and_read(for_seconds(5s), "with " + std::to_string(connections) + " connections kept");
    const auto alive =
        std::count_if(kept.begin(), kept.end(), [&](const auto& one) { return one->ask(unknown) == 403; });
    std::printf("%td of %zu kept connections are answered\n", alive, kept.size());
}

void run(int rows, std::size_t connections) {
    spdlog::set_level(spdlog::level::warn);
    std::string folder = "/tmp/riverlight-bench-XXXXXX";
    if (!::mkdtemp(folder.data())) throw Error("no temporary folder");
    {
        Bench bench{.folder = folder, .office = RunningOffice(folder, connections)};
        bench.ping_and_read(for_seconds(3s), "with nothing else");
        run_uploads(bench);
        run_export(bench, rows);
        run_kept(bench, connections);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace riverlight::office

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const int rows = argc > 1 ? std::atoi(argv[1]) : 200'000;
    const int connections = argc > 2 ? std::atoi(argv[2]) : 9000;
    riverlight::office::run(rows, static_cast<std::size_t>(connections));
}
