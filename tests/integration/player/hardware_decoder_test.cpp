#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "content/base/files.hpp"
#include "player/av/demuxer.hpp"
#include "player/av/frame.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"

/// Hardware decoding, and what is shown when the hardware fails.
namespace riverlight::player {
namespace {

using namespace av;
using testing::ElementsAre;
using testing::IsEmpty;

/// Decodes with libav, and fails after some pictures.
class FailingDecoder final : public Decoder {
  public:
    FailingDecoder(std::unique_ptr<Decoder> software, int pictures, bool at_send)
        : software_(std::move(software)), left_(pictures), at_send_(at_send) {}
    int send(const AVPacket* packet) override {
        return at_send_ && left_ <= 0 ? AVERROR(EIO) : software_->send(packet);
    }
    int receive(AVFrame* frame) override {
        if (!at_send_ && left_ <= 0) return AVERROR(EIO);
        const int code = software_->receive(frame);
        left_ -= code == 0;
        return code;
    }
    [[nodiscard]] std::string hardware() const override { return "failing"; }

  private:
    std::unique_ptr<Decoder> software_;
    int left_;
    bool at_send_;
};

struct FailingHardware final : HardwareDecoders {
    FailingHardware(int p, bool s) : pictures(p), at_send(s) {}
    std::unique_ptr<Decoder> open(const AVStream& stream, const MediaLimits& limits) override {
        ++asked;
        return std::make_unique<FailingDecoder>(
            open_software_decoder(*avcodec_find_decoder(stream.codecpar->codec_id), stream, limits, "clip"),
            pictures, at_send);
    }
    void exclude(const std::string& hardware) override { excluded.push_back(hardware); }

    int pictures;
    bool at_send;
    int asked = 0;
    std::vector<std::string> excluded;
};

class HardwareDecoderTest : public testing::Test {
  protected:
    static constexpr int frames = 120;  // more than two GOPs
    void SetUp() override { av_log_set_level(AV_LOG_QUIET); }

    static std::vector<int> numbers(Demuxer& file) {
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

TEST_F(HardwareDecoderTest, EveryPictureIsShownOnceWhereverTheHardwareFails) {
    for (const bool at_send : {false, true}) {
        for (const int good : {0, 1, 24, 49, 50, 51, 119, 120}) {
            if (at_send && good >= 119) continue;  // by then it has all packets
            FailingHardware hardware(good, at_send);
            Demuxer file(clip_, Reader::Want::picture, {}, &hardware);
            EXPECT_EQ(numbers(file), from(0)) << good << (at_send ? ", packets refused" : "");
            EXPECT_EQ(hardware.asked, 1);
            EXPECT_THAT(hardware.excluded, ElementsAre("failing")) << good;
            EXPECT_EQ(file.failed_hardware(), "failing");
            EXPECT_EQ(file.hardware(), "");
            EXPECT_EQ(file.corrupt(), 0);
        }
    }
}

TEST_F(HardwareDecoderTest, HardwareThatWorksIsNotExcluded) {
    FailingHardware hardware(frames + 1, false);
    Demuxer file(clip_, Reader::Want::picture, {}, &hardware);
    EXPECT_EQ(file.hardware(), "failing");
    EXPECT_EQ(numbers(file), from(0));
    EXPECT_THAT(hardware.excluded, IsEmpty());
    EXPECT_EQ(file.failed_hardware(), "");
}

TEST_F(HardwareDecoderTest, SoftwareGoesOnWhereAnItemWasJoinedLate) {
    for (const int good : {0, 1, 30}) {
        FailingHardware hardware(good, false);
        Demuxer file(clip_, Reader::Want::picture, {}, &hardware);
        file.seek({60, 25});
        const auto shown = numbers(file);
        ASSERT_FALSE(shown.empty());
        EXPECT_LE(shown.front(), 1060);
        EXPECT_GE(shown.front(), 1000 + 49) << "the GOP before it, not the file's beginning";
        EXPECT_EQ(shown, from(shown.front() - 1000));
    }
}

TEST_F(HardwareDecoderTest, TheSoundOfTheFileIsNotAffected) {
    FailingHardware hardware(10, false);
    Demuxer file(clip_, Reader::Want::both, {}, &hardware);
    EXPECT_EQ(numbers(file), from(0));
    std::int64_t samples = 0;
    while (const auto frame = file.next(file.sound)) samples += frame->nb_samples;
    EXPECT_GE(samples, frames * 1920);
}

TEST_F(HardwareDecoderTest, ThisMachinesHardwareShowsTheSamePictures) {
    MediaLimits limits;
    limits.hardware_decoding = true;
    Reader reader(clip_, Reader::Want::picture, 0, 0, {}, limits);
    std::vector<int> shown;
    while (const auto frame = reader.next_picture()) {
        const auto number = test::number_on(frame->picture);
        shown.push_back(number ? static_cast<int>(*number) : -1);
    }
    EXPECT_EQ(shown, from(0)) << "by " << (reader.hardware().empty() ? "software" : reader.hardware());
}

TEST_F(HardwareDecoderTest, AFileThatNeitherDecodesIsRefused) {
    const auto broken = folder_ / "broken.mp4";
    {
        auto bytes = read_file(clip_, 64U << 20);
        const auto media = bytes.find("mdat");
        ASSERT_NE(media, bytes.npos);
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(media) + 8, bytes.end(), '\0');
        write_file_atomically(broken, bytes);
    }
    FailingHardware hardware(0, false);
    Demuxer file(broken, Reader::Want::picture, {}, &hardware);
    EXPECT_THROW(static_cast<void>(numbers(file)), Error);
}

}  // namespace
}  // namespace riverlight::player
