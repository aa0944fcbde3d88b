// What a record costs the office in processor time, without HTTP, beside bare SQLite in the same run: uploads
// are checked, stored and receipted on one thread. Two peers: the same rows and sums with all their indexes
// (same_rows.hpp), and one row of a record with two.
//
//   intake_bench [GROUPS [SIZE TOGETHER]]: transactions of each shape, or of TOGETHER uploads of SIZE
//   records.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "scheduler/plan/play_ids.hpp"
#include "tests/bench/office_load.hpp"
#include "tests/bench/same_rows.hpp"
#include "tools/office/intake.hpp"

namespace riverlight::office {
namespace {

using std::chrono::steady_clock;

/// A piece of work's wall and processor time for each record. What is measured is on this thread alone.
template <class Work>
Rate measure_records(int records, const Work& work) {
    const auto begin = steady_clock::now();
    const auto used = processor_seconds(RUSAGE_THREAD);
    work();
    const auto took = std::chrono::duration<double>(steady_clock::now() - begin).count();
    return {records / took, (processor_seconds(RUSAGE_THREAD) - used) * 1e6 / records};
}

struct Shape {
    int size = 1;      ///< records of an upload
    int together = 1;  ///< uploads of a transaction, each of another board
    int groups = 1;    ///< transactions
    int promises = 0;  ///< of the day that the boards report of; 0: no plan is stored
    [[nodiscard]] int records() const { return size * together * groups; }
};

/// The days that the boards report of have plans of so many promises.
void keep_plans(OfficeStore& store, int promises) {
    const auto first = std::chrono::floor<std::chrono::days>(now() - 24h * 300);
    for (int i = 0; i < 2; ++i) {
        const Instant begin = first + std::chrono::days(i);
        StoredDay stored;
        stored.facts.place = "kh-pp-01";
        stored.facts.day = std::chrono::local_days{(first + std::chrono::days(i)).time_since_epoch()};
        stored.facts.country = "KH";
        stored.facts.zone = "Asia/Phnom_Penh";
        stored.facts.since = stored.facts.from = begin - 7h;
        stored.facts.until = stored.facts.from + 24h;
        const scheduler::PlayIds ids("kh-pp-01", stored.facts.day, "rotation");
        for (int j = 0; j < promises; ++j) {
            Promise promise{ids.of_number(j), stored.facts.from + 90s * j, {}, "always", "fair-work", "km",
                            "rotation"};
            promise.end = promise.start + 30s;
            stored.plan.promises.push_back(std::move(promise));
        }
        store.plans.set(stored);
    }
}

struct Sent {
    Reception::UploadPath path;
    http::Request request;
};

std::vector<Sent> uploads_of(OfficeStore& store, const Shape& shape) {
    std::vector<Board> boards;
    boards.reserve(static_cast<std::size_t>(shape.together));
    for (int i = 0; i < shape.together; ++i) boards.emplace_back(store, i);
    std::vector<Sent> out;
    for (int i = 0; i < shape.groups * shape.together; ++i) {
        auto upload = boards.at(static_cast<std::size_t>(i % shape.together)).next_upload(shape.size);
        http::Request request;
        request.body = std::move(upload.body);
        request.headers = {{"content-digest", upload.digest}, {"content-encoding", "gzip"}};
        request.remote = "127.0.0.1";
        out.push_back({std::move(upload.path), std::move(request)});
    }
    return out;
}

Rate take(OfficeStore& store, const Shape& shape) {
    const auto uploads = uploads_of(store, shape);
    const auto key = SigningKey::generate();
    Intake intake(store, key, [](const std::string&) { return PlaceFacts{"KH", "Asia/Phnom_Penh"}; });
    return measure_records(shape.records(), [&] {
        for (auto next = uploads.begin(); next != uploads.end(); next += shape.together)
            store.change([&] {
                for (auto one = next; one != next + shape.together; ++one) {
                    const auto& [board, epoch, range] = one->path;
                    if (intake.airings(one->request, board, epoch, range, now()).status != 200)
                        throw Error("an upload was refused");
                }
            });
    });
}

Rate insert_bare(OfficeStore& store, const std::string& file, const Shape& shape) {
    Board board(store, shape.together);
    std::vector<AiringRecord> rows;
    rows.reserve(static_cast<std::size_t>(shape.records()));
    for (int i = 0; i < shape.records(); ++i) rows.push_back(board.next_record());
    BareDatabase database(file);
    return measure_records(shape.records(), [&] {
        for (auto row = rows.begin(); row != rows.end();) {
            SQLite::Transaction transaction(database.db);
            for (int i = 0; i < shape.size * shape.together; ++i) database.insert(*row++);
            transaction.commit();
        }
    });
}

Rate insert_same_rows(OfficeStore& store, const std::string& folder, const Shape& shape) {
    std::vector<Board> boards;
    boards.reserve(static_cast<std::size_t>(shape.together));
    for (int i = 0; i < shape.together; ++i) boards.emplace_back(store, 100 + i);
    std::vector<AiringRecord> rows;
    rows.reserve(static_cast<std::size_t>(shape.records()));
    for (int i = 0; i < shape.groups * shape.together; ++i)
        for (int j = 0; j < shape.size; ++j)
            rows.push_back(boards.at(static_cast<std::size_t>(i % shape.together)).next_record());
    SameRowsDatabase database(folder);
    database.prepare(rows);
    const auto group = static_cast<std::size_t>(shape.size * shape.together);
    return measure_records(shape.records(), [&] {
        for (std::size_t begin = 0; begin < rows.size(); begin += group)
            database.insert(rows, begin, begin + group, static_cast<std::size_t>(shape.size),
                            shape.promises > 0);
    });
}

void run(const Shape& shape) {
    std::string folder = "/tmp/riverlight-bench-XXXXXX";
    if (!::mkdtemp(folder.data())) throw Error("no temporary folder");
    {
        OfficeStore store(folder);
        if (shape.promises > 0) keep_plans(store, shape.promises);
        const auto office = take(store, shape);
        const auto same = insert_same_rows(store, folder + "/same", shape);
        const auto bare = insert_bare(store, folder + "/bare.db", shape);
        std::printf("%3d uploads of %3d records a transaction, plans of %d: of processor a record: %.0f us; ",
                    shape.together, shape.size, shape.promises, office.microseconds);
        for (const auto& [name, peer] :
             {std::pair("the same rows in bare SQLite", same), std::pair("one row in bare SQLite", bare)})
            std::printf("%s %.1f us: %.2f x (by the clock %.2f x); ", name, peer.microseconds,
                        peer.microseconds / office.microseconds, office.a_second / peer.a_second);
        std::printf("%.0f records a second\n", office.a_second);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace riverlight::office

int main(int argc, char** argv) {
    const auto number = [&](int at, int otherwise) { return argc > at ? std::atoi(argv[at]) : otherwise; };
    spdlog::set_level(spdlog::level::warn);
    const int groups = number(1, 40);
    if (argc > 3) {
        riverlight::office::run({number(2, 1), number(3, 1), groups, number(4, 0)});
        return 0;
    }
    for (const int promises : {0, 960}) {
        riverlight::office::run({1, 32, groups, promises});
        riverlight::office::run({500, 1, groups / 4, promises});
    }
}
