#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/folder.hpp"

/// Simulates a graphics device behind libdrm's functions, which this binary defines in libdrm's place: one
/// connector, one CRTC, a primary plane and optionally an overlay plane. Committed properties are in
/// `values`; the picture on its panel is composed from its planes' memory.
namespace riverlight::test {

class GraphicsDevice {
  public:
    static constexpr std::uint32_t connector = 10, encoder = 15, crtc = 20, primary = 30, overlay = 31;
    static constexpr int width = 64, height = 36;

    GraphicsDevice();
    ~GraphicsDevice();
    GraphicsDevice(const GraphicsDevice&) = delete;
    GraphicsDevice& operator=(const GraphicsDevice&) = delete;

    /// A file to be opened for it; the dumb buffers lie in it.
    [[nodiscard]] const std::string& path() const { return path_; }
    /// R, G, B of each pixel; empty where the panel is off.
    [[nodiscard]] std::vector<std::uint8_t> panel() const;
    [[nodiscard]] std::uint64_t value(std::uint32_t object, const std::string& name) const {
        return values.at({object, name});
    }

    bool has_overlay = true, overlay_takes_alpha = true, overlay_beneath = false;
    /// Whether a commit that would leave these values is refused, or a test of it.
    std::function<bool(bool test)> refuses = [](bool) { return false; };
    std::map<std::pair<std::uint32_t, std::string>, std::uint64_t> values;
    int commits = 0, text_commits = 0;  ///< done, not tests; those that set a property of the overlay plane

    struct Frame {
        std::uint32_t code = 0, pitch = 0;
        std::uint64_t offset = 0;
    };
    std::map<std::uint32_t, Frame> frames;
    std::map<std::uint32_t, std::uint64_t> memory;  ///< dumb buffers: their place in the file
    std::uint32_t next = 100;
    std::uint64_t size = 0;
    void* flip_of = nullptr;  ///< who waits for the word that its picture is shown

  private:
    [[nodiscard]] std::vector<std::uint8_t> file() const;

    GraphicsDevice* before_;  ///< the one in whose place this one is
    Folder folder_;
    std::string path_;
};

}  // namespace riverlight::test
