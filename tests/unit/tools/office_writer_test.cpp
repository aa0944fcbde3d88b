// The one thread that writes, and what waits for it.
#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <future>

#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/parameters.hpp"
#include "tools/office/store_readers.hpp"
#include "tools/office/work_queue.hpp"
#include "tools/office/writer.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;

class WriterTest : public OfficeTest {
  protected:
    /// Writes an alarm with that text.
    static Writer::Work alarm(const std::string& text) {
        return [text](OfficeStore& store) { store.alarms.add({noon, "kh-pp-01", text}); };
    }
    /// The alarms that another connection sees.
    std::vector<std::string> on_disk() {
        std::vector<std::string> out;
        for (const auto& row : readers_.take()->alarms.since(noon - 1h, 100)) out.push_back(row.text);
        std::sort(out.begin(), out.end());
        return out;
    }
    /// Notes how each piece ended.
    Writer::Done note(const std::string& name) {
        return [this, name](const std::exception_ptr& fault) {
            ended_.push_back(name + (fault ? " failed" : " is on disk"));
            seen_.push_back(on_disk());
        };
    }
    StoreReaders readers_{folder_.path()};
    boost::asio::io_context thread_;
    std::chrono::steady_clock::time_point now_{};
    Writer writer_{store_, thread_.get_executor(), 4, [this] { return now_; }};
    std::vector<std::string> ended_;
    std::vector<std::vector<std::string>> seen_;  ///< what was on disk then
};

TEST_F(WriterTest, WhatWaitsIsOnDiskTogetherBeforeAnyOfItIsAnswered) {
    std::vector<std::string> before;
    ASSERT_TRUE(writer_.submit(alarm("a"), note("a")));
    ASSERT_TRUE(writer_.submit(
        [&](OfficeStore& store) {
            before = on_disk();
            store.alarms.add({noon, "kh-pp-01", "b"});
        },
        note("b")));
    EXPECT_TRUE(ended_.empty());
    thread_.poll();
    EXPECT_THAT(before, ElementsAre()) << "the first was not committed alone";
    EXPECT_THAT(ended_, ElementsAre("a is on disk", "b is on disk"));
    EXPECT_THAT(seen_.at(0), ElementsAre("a", "b"));
}

/// The first of a group waits for the last.
TEST_F(WriterTest, AGroupThatHasTakenLongIsWrittenBeforeTheNextPieceIsBegun) {
    const auto slow = [&](const std::string& name, std::chrono::milliseconds takes) {
        ASSERT_TRUE(writer_.submit(
            [this, work = alarm(name), takes](OfficeStore& store) {
                work(store);
                now_ += takes;
            },
            note(name)));
    };
    slow("a", Writer::longest_group);
    slow("b", 1ms);
    slow("c", 1ms);
    thread_.poll();
    EXPECT_THAT(ended_, ElementsAre("a is on disk", "b is on disk", "c is on disk"));
    EXPECT_THAT(seen_, ElementsAre(ElementsAre("a", "b"), ElementsAre("a", "b"), ElementsAre("a", "b", "c")));
}

TEST_F(WriterTest, APieceThatFailsTakesBackNothingButItself) {
    std::exception_ptr why;
    ASSERT_TRUE(writer_.submit(alarm("a"), note("a")));
    ASSERT_TRUE(writer_.submit(
        [](OfficeStore& store) {
            store.alarms.add({noon, "kh-pp-01", "b"});
            throw BadRequest("not this one");
        },
        [&](const std::exception_ptr& fault) { why = fault; }));
    ASSERT_TRUE(writer_.submit(
        [](OfficeStore& store) {
            EXPECT_THROW(store.change([&] {
                store.alarms.add({noon, "kh-pp-01", "c"});
                throw Error("a part of a piece");
            }),
                         Error);
            store.alarms.add({noon, "kh-pp-01", "d"});
        },
        note("d")));
    thread_.poll();
    EXPECT_THAT(ended_, ElementsAre("a is on disk", "d is on disk"));
    EXPECT_THAT(on_disk(), ElementsAre("a", "d"));
    EXPECT_THROW(std::rethrow_exception(why), BadRequest);
}

TEST_F(WriterTest, WhereTooMuchWaitsTheRestIsRefused) {
    for (const auto* name : {"a", "b", "c", "d"}) ASSERT_TRUE(writer_.submit(alarm(name), note(name)));
    EXPECT_FALSE(writer_.submit(alarm("e"), note("e")));
    EXPECT_THROW(writer_.write(alarm("f")), Error);
    thread_.poll();
    EXPECT_THAT(on_disk(), ElementsAre("a", "b", "c", "d"));
    EXPECT_TRUE(writer_.submit(alarm("g"), note("g"))) << "there is room again";
}

TEST_F(WriterTest, OneWhoWaitsGetsWhatWasThrown) {
    WorkQueue queue("writing", 1, 1);
    Writer writer(store_, queue.executor(), 4);
    writer.write(alarm("a"));
    EXPECT_THAT(on_disk(), ElementsAre("a"));
    EXPECT_THROW(writer.write([](OfficeStore&) { throw BadRequest("no"); }), BadRequest);
}

TEST_F(WriterTest, AReaderWritesNothing) {
    OfficeStore reader(folder_.path(), OpenFor::reading);
    EXPECT_THROW(reader.alarms.add({noon, "kh-pp-01", "a"}), Error);
    EXPECT_THROW(OfficeStore(folder_ / "nowhere", OpenFor::reading), Error);
}

TEST_F(WriterTest, ABoardThatIsRetiredAfterItsReportWasCheckedHasNothingStored) {
    join();
    auto r = request(http::gzip(write_batch(batch(1, 2), board_)));
    r.headers["content-encoding"] = "gzip";
    r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
    auto health = request("{\"board\":\"kh-pp-01\",\"format\":1,\"version\":\"2\"}");
    health.headers["riverlight-signature"] = board_.sign(health.body);
    Reception reception(office_, [](const auto&, const auto&) { return PlaceFacts{"KH"}; });
    std::vector<BoardAnswer> checked;
    checked.push_back(reception.airings(store_, r, {"kh-pp-01", "e1", "1-2"}, noon));
    checked.push_back(reception.health(store_, health, "kh-pp-01", noon));
    store_.boards.set_state("kh-pp-01", BoardState::retired);
    for (const auto& one : checked) {
        ASSERT_TRUE(std::holds_alternative<BoardWrite>(one));
        std::get<BoardWrite>(one).write(store_);
        EXPECT_EQ(std::get<BoardWrite>(one).answer().status, 403);
    }
    EXPECT_EQ(store_.airings.count({}, 100), 0);
    EXPECT_NE(store_.boards.find("kh-pp-01")->version, "2");
}

TEST(WorkQueue, RefusesWhatIsMoreThanItHolds) {
    std::promise<void> go, begun;
    WorkQueue queue("test", 1, 2);
    int done = 0;
    ASSERT_TRUE(queue.post([&] {
        begun.set_value();
        go.get_future().wait();
    }));
    begun.get_future().wait();
    ASSERT_TRUE(queue.post([&] { ++done; }));
    EXPECT_FALSE(queue.post([&] { ++done; }));
    std::promise<void> last;
    queue.post_rest([&] {
        ++done;
        last.set_value();
    });
    go.set_value();
    last.get_future().wait();
    EXPECT_EQ(done, 2) << "the rest of work that was let in is never refused";
}

TEST(WorkQueue, WorkThatThrowsEndsNothingElse) {
    WorkQueue queue("test", 1, 2);
    std::promise<void> done;
    ASSERT_TRUE(queue.post([] { throw Error("no"); }));
    ASSERT_TRUE(queue.post([&] { done.set_value(); }));
    done.get_future().wait();
}

}  // namespace
}  // namespace riverlight::office
