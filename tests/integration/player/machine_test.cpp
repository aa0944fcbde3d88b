#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "content/base/files.hpp"
#include "player/av/demux.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

/// Pictures by a decoder that the machine has, and what is shown when it gives up.
namespace riverlight::player {
namespace {

using namespace av;
using testing::ElementsAre;
using testing::IsEmpty;

/// Decodes as libav does, as long as it is in the mood.
class Moody final : public Decoder {
  public:
    Moody(std::unique_ptr<Decoder> own, int pictures, bool at_send)
        : own_(std::move(own)), left_(pictures), at_send_(at_send) {}
    int send(const AVPacket* packet) override {
        return at_send_ && left_ <= 0 ? AVERROR(EIO) : own_->send(packet);
    }
    int receive(AVFrame* frame) override {
        if (!at_send_ && left_ <= 0) return AVERROR(EIO);
        const int code = own_->receive(frame);
        left_ -= code == 0;
        return code;
    }
    [[nodiscard]] std::string machine() const override { return "moody"; }

  private:
    std::unique_ptr<Decoder> own_;
    int left_;
    bool at_send_;
};

struct MoodyMachine final : Machine {
    MoodyMachine(int p, bool s) : pictures(p), at_send(s) {}
    std::unique_ptr<Decoder> open(const AVStream& stream, const MediaLimits& limits) override {
        ++asked;
        return std::make_unique<Moody>(
            own_decoder(*avcodec_find_decoder(stream.codecpar->codec_id), stream, limits, "clip"), pictures,
            at_send);
    }
    void distrust(const std::string& machine) override { distrusted.push_back(machine); }

    int pictures;
    bool at_send;
    int asked = 0;
    std::vector<std::string> distrusted;
};

class MachineTest : public testing::Test {
  protected:
    static constexpr int frames = 120;  // more than two groups of pictures
    void SetUp() override { av_log_set_level(AV_LOG_QUIET); }

    static std::vector<int> numbers(Demux& file) {
        std::vector<int> out;
        while (const auto frame = file.next_picture()) {
            const auto number = test::number_on(copy_picture(*frame));
            out.push_back(number ? static_cast<int>(*number) : -1);
        }
        return out;
    }
    static std::vector<int> from(int first) {
        std::vector<int> all(static_cast<std::size_t>(frames - first));
        std::iota(all.begin(), all.end(), 1000 + first);
        return all;
    }
    test::Folder folder_;
    std::string clip_ = test::write_clip(folder_ / "clip.mp4", 1000, frames, 640, 360);
};

TEST_F(MachineTest, EveryPictureComesOnceWhereverTheMachinesDecoderGivesUp) {
    for (const bool at_send : {false, true}) {
        for (const int good : {0, 1, 24, 49, 50, 51, 119, 120}) {
            if (at_send && good >= 119) continue;  // by then it has all packets
            MoodyMachine machine(good, at_send);
            Demux file(clip_, Reader::Want::picture, {}, &machine);
            EXPECT_EQ(numbers(file), from(0)) << good << (at_send ? ", packets refused" : "");
            EXPECT_EQ(machine.asked, 1);
            EXPECT_THAT(machine.distrusted, ElementsAre("moody")) << good;
            EXPECT_EQ(file.given_up(), "moody");
            EXPECT_EQ(file.machine(), "");
            EXPECT_EQ(file.corrupt(), 0);
        }
    }
}

TEST_F(MachineTest, OneThatHoldsOutIsNotDistrusted) {
    MoodyMachine machine(frames + 1, false);
    Demux file(clip_, Reader::Want::picture, {}, &machine);
    EXPECT_EQ(file.machine(), "moody");
    EXPECT_EQ(numbers(file), from(0));
    EXPECT_THAT(machine.distrusted, IsEmpty());
    EXPECT_EQ(file.given_up(), "");
}

TEST_F(MachineTest, AnItemJoinedLateGoesOnFromWhereItWas) {
    for (const int good : {0, 1, 30}) {
        MoodyMachine machine(good, false);
        Demux file(clip_, Reader::Want::picture, {}, &machine);
        file.enter({60, 25});
        const auto shown = numbers(file);
        ASSERT_FALSE(shown.empty());
        EXPECT_LE(shown.front(), 1060);
        EXPECT_GE(shown.front(), 1000 + 49) << "the group before it, and not the file's beginning";
        EXPECT_EQ(shown, from(shown.front() - 1000));
    }
}

TEST_F(MachineTest, TheSoundOfTheSameFileGoesOn) {
    MoodyMachine machine(10, false);
    Demux file(clip_, Reader::Want::both, {}, &machine);
    EXPECT_EQ(numbers(file), from(0));
    std::int64_t samples = 0;
    while (const auto frame = file.next(file.sound)) samples += frame->nb_samples;
    EXPECT_GE(samples, frames * 1920);
}

TEST_F(MachineTest, WhatThisMachineHasShowsTheSamePictures) {
    MediaLimits limits;
    limits.machine = true;
    Reader reader(clip_, Reader::Want::picture, 0, 0, {}, limits);
    std::vector<int> shown;
    while (const auto frame = reader.next_picture()) {
        const auto number = test::number_on(frame->picture);
        shown.push_back(number ? static_cast<int>(*number) : -1);
    }
    EXPECT_EQ(shown, from(0)) << "by " << (reader.machine().empty() ? "the processor" : reader.machine());
}

TEST_F(MachineTest, AFileThatNoDecoderReadsIsRefusedAllTheSame) {
    const auto broken = folder_ / "broken.mp4";
    {
        auto bytes = read_file(clip_, 64U << 20);
        const auto media = bytes.find("mdat");
        ASSERT_NE(media, bytes.npos);
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(media) + 8, bytes.end(), '\0');
        write_file_atomically(broken, bytes);
    }
    MoodyMachine machine(0, false);
    Demux file(broken, Reader::Want::picture, {}, &machine);
    EXPECT_THROW(static_cast<void>(numbers(file)), Error);
}

}  // namespace
}  // namespace riverlight::player
