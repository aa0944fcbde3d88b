#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace riverlight::player {

struct Sample {
    std::string locale;
    std::vector<std::string> paragraphs;
};

/// The committed prose, a file a locale.
inline std::vector<Sample> samples() {
    std::vector<Sample> out;
    for (const auto& entry : std::filesystem::directory_iterator(TEXT_DATA)) {
        if (entry.path().extension() != ".txt") continue;
        Sample sample{entry.path().stem().string(), {}};
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);)
            if (!line.empty()) sample.paragraphs.push_back(line);
        out.push_back(std::move(sample));
    }
    return out;
}

inline std::string without_blanks(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ' || text[i] == '\n') continue;
        if (text.compare(i, 3, "\u200b") == 0 || text.compare(i, 3, "\u3000") == 0) {
            i += 2;
            continue;
        }
        out += text[i];
    }
    return out;
}

}  // namespace riverlight::player
