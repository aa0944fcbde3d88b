#include "player/outlet/capture_outlet.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

class CaptureOutlet final : public Outlet {
  public:
    CaptureOutlet(const std::string& folder, const Format& format) : folder_(folder) {
        std::error_code ec;
        std::filesystem::create_directories(folder, ec);
        frames_.open(folder + "/frames.y4m", std::ios::binary | std::ios::trunc);
        sound_.open(folder + "/sound.wav", std::ios::binary | std::ios::trunc);
        if (!frames_ || !sound_)
            throw Error("cannot write into " + folder + ": " + (ec ? ec.message() : system_reason(errno)));
        frames_ << "YUV4MPEG2 W" << format.width << " H" << format.height << " F" << format.rate.num << ':'
                << format.rate.den << " Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n";
        write_header();
    }

    void show(const Picture& picture, std::span<const float> samples, std::int64_t) override {
        frames_ << "FRAME\n";
        for (const auto* plane : {&picture.y, &picture.u, &picture.v})
            frames_.write(reinterpret_cast<const char*>(plane->data()),
                          static_cast<std::streamsize>(plane->size()));
        pcm_.resize(samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i)
            pcm_[i] =
                static_cast<std::int16_t>(std::lrint(std::min(1.0F, std::max(-1.0F, samples[i])) * 32767.0F));
        sound_.write(reinterpret_cast<const char*>(pcm_.data()),
                     static_cast<std::streamsize>(pcm_.size() * 2));
        bytes_ += pcm_.size() * 2;
        require_good();
    }

    void finish() override {
        write_header();
        frames_.close();
        sound_.close();
        require_good();
    }

  private:
    /// Throws Error once a write has failed.
    void require_good() const {
        if (!frames_ || !sound_)
            throw Error("cannot write into " + folder_ + ": " + system_reason(errno) +
                        "; make room on that disk");
    }

    /// A RIFF WAVE header of PCM, with the sizes so far. Little-endian hosts only, as are those of Debian
    /// that Riverlight is built for.
    void write_header() {
        struct Header {
            char riff[4] = {'R', 'I', 'F', 'F'};
            std::uint32_t size = 0;
            char wave[8] = {'W', 'A', 'V', 'E', 'f', 'm', 't', ' '};
            std::uint32_t format_size = 16;
            std::uint16_t pcm = 1, channels = 2;
            std::uint32_t rate = sample_rate, bytes_per_second = sample_rate * 4;
            std::uint16_t block = 4, bits = 16;
            char data[4] = {'d', 'a', 't', 'a'};
            std::uint32_t data_size = 0;
        } header;
        static_assert(sizeof(Header) == 44);
        header.data_size = static_cast<std::uint32_t>(bytes_);
        header.size = header.data_size + 36;
        sound_.seekp(0);
        sound_.write(reinterpret_cast<const char*>(&header), sizeof header);
        sound_.seekp(0, std::ios::end);
    }

    std::string folder_;
    std::ofstream frames_, sound_;
    std::vector<std::int16_t> pcm_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<Outlet> make_capture_outlet(const std::string& folder, const Format& format) {
    return std::make_unique<CaptureOutlet>(folder, format);
}

}  // namespace riverlight::player
