// Which pictures a datagram carries, and what becomes of them when datagrams are sent or lost.
#include <gtest/gtest.h>

#include <set>

#include "player/feed/mux.hpp"
#include "player/feed/pacer.hpp"
#include "player/feed/queued_output.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

/// The datagrams of a feed with so many pictures, of 2,000 to 9,000 bytes each.
std::vector<Datagram> datagrams_of(int pictures) {
    const test::Folder folder;
    FeedState state(folder / "feed");
    std::vector<Datagram> sent;
    Mux mux(profile_named("720p25"), Service{}, state, {0, 30}, [&](Datagram& d) { sent.push_back(d); });
    for (int i = 0; i < pictures; ++i)
        mux.add_video(Bytes(static_cast<std::size_t>(2000 + i * 997 % 7000), 1), i % 12 == 0);
    mux.drain();
    return sent;
}

TEST(PictureSpan, NamesThePicturesWhoseBytesADatagramHas) {
    constexpr int pictures = 60;
    std::int64_t picture = 29;  // of the last packet with video
    std::int64_t complete = 30;
    for (const auto& d : datagrams_of(pictures)) {
        std::set<std::int64_t> inside;
        for (std::size_t at = 0; at < datagram_size; at += packet_size) {
            const auto* packet = d.bytes.data() + at;
            if (pid_of(packet) != pid::video || !has_payload(packet)) continue;
            picture += starts_unit(packet);
            inside.insert(picture);
        }
        if (!inside.empty()) {
            EXPECT_EQ(d.pictures.end, *inside.rbegin() + 1);
            EXPECT_LE(d.pictures.first, *inside.begin());
            EXPECT_GE(d.pictures.first, *inside.begin() - 1) << "one that ended just before, at most";
        } else {
            EXPECT_EQ(d.pictures.end, d.pictures.first);
        }
        EXPECT_GE(d.pictures.complete, complete);
        EXPECT_LE(d.pictures.complete, d.pictures.end);
        EXPECT_GE(d.pictures.complete, d.pictures.end - 1);
        complete = d.pictures.complete;
    }
    EXPECT_EQ(complete, 30 + pictures);
}

/// Refuses the datagrams that a test names.
class Choosy final : public StreamWriter {
  public:
    explicit Choosy(std::set<std::size_t> refused) : refused_(std::move(refused)) {}
    void open(const std::atomic<bool>&) override {}
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram> datagrams) override {
        std::vector<bool> left;
        for (std::size_t i = 0; i < datagrams.size(); ++i) left.push_back(!refused_.contains(next_++));
        return left;
    }
    void close() override {}

  private:
    std::set<std::size_t> refused_;
    std::size_t next_ = 0;
};

std::vector<std::unique_ptr<Output>> outputs_refusing(std::vector<std::set<std::size_t>> refused) {
    std::vector<std::unique_ptr<Output>> outputs;
    for (auto& one : refused)
        outputs.push_back(std::make_unique<DirectOutput>("x", std::make_unique<Choosy>(std::move(one))));
    return outputs;
}

TEST(PictureFate, ALostDatagramCostsThePicturesInItAndNoOther) {
    const auto datagrams = datagrams_of(40);
    const std::set<std::size_t> refused{datagrams.size() / 2, datagrams.size() / 2 + 9};
    Pacer pacer(outputs_refusing({refused}), Pacer::Mode::unpaced);
    for (const auto& d : datagrams) pacer.write(d);
    EXPECT_EQ(pacer.fate_of(69), FrameFate::pending) << "its last bytes are in the unfinished batch";
    pacer.finish();
    for (std::int64_t picture = 30; picture < 70; ++picture) {
        bool lost = false;
        for (const auto i : refused)
            lost = lost || (datagrams[i].pictures.first <= picture && picture < datagrams[i].pictures.end);
        EXPECT_EQ(pacer.fate_of(picture), lost ? FrameFate::lost : FrameFate::left) << picture;
    }
}

TEST(PictureFate, OneOutputIsEnough) {
    const auto datagrams = datagrams_of(20);
    std::set<std::size_t> all;
    for (std::size_t i = 0; i < datagrams.size(); ++i) all.insert(i);
    Pacer both(outputs_refusing({all, {}}), Pacer::Mode::unpaced),
        none(outputs_refusing({all, all}), Pacer::Mode::unpaced);
    for (const auto& d : datagrams) {
        both.write(d);
        none.write(d);
    }
    both.finish();
    none.finish();
    for (std::int64_t picture = 30; picture < 50; ++picture) {
        EXPECT_EQ(both.fate_of(picture), FrameFate::left);
        EXPECT_EQ(none.fate_of(picture), FrameFate::lost);
    }
}

/// Opens never.
class Absent final : public StreamWriter {
  public:
    void open(const std::atomic<bool>&) override { throw Error("the far end is not there"); }
    [[nodiscard]] std::vector<bool> write(std::span<const Datagram>) override { return {}; }
    void close() override {}
};

TEST(PictureFate, WhatAQueueDropsIsLostAtOnce) {
    const auto datagrams = datagrams_of(40);
    QueuedOutput output("x", std::make_unique<Absent>(), 5);
    for (const auto& d : datagrams) output.send(d);
    EXPECT_EQ(output.fate_of(30), FrameFate::lost);
    EXPECT_EQ(output.fate_of(datagrams.back().pictures.complete), FrameFate::pending);
}

}  // namespace
}  // namespace riverlight::player
