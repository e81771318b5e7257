#include "core/grammar/describe.h"

#include <cstdio>

namespace dramatis::grammar {
namespace {

class Writer {
 public:
  explicit Writer(const Syntax& syntax) : syntax_(syntax) {}

  std::string Run() {
    out_ = "{\"root\":" + std::to_string(syntax_.root) + ",\"rules\":[";
    Each(syntax_.rules, [this](const Rule& rule) {
      out_ += "{\"name\":" + Quoted(syntax_.names[rule.name]) + ",\"attributes\":{";
      const Attributes& a = rule.attributes;
      std::string attributes;
      if (a.temperature >= 0) attributes += ",\"temp\":" + Number(a.temperature);
      if (a.min_p >= 0) attributes += ",\"minp\":" + Number(a.min_p);
      if (a.max_tokens >= 0) attributes += ",\"max\":" + std::to_string(a.max_tokens);
      if (!attributes.empty()) out_ += attributes.substr(1);
      out_ += "},\"body\":";
      Write(rule.body);
      out_ += "}";
    });
    out_ += "],\"entries\":[";
    Each(syntax_.entries, [this](const Entry& entry) {
      out_ += "{\"text\":" + Quoted(entry.text) + ",\"weight\":" + Number(entry.weight) +
              ",\"banned\":" + (entry.banned ? "true}" : "false}");
    });
    out_ += "],\"classes\":[";
    Each(syntax_.classes, [this](const WordClass& word_class) {
      out_ += "{\"source\":" + Quoted(word_class.source) +
              ",\"weight\":" + Number(word_class.weight) + ",\"pattern\":";
      Write(word_class.pattern);
      out_ += "}";
    });
    return out_ + "]}";
  }

 private:
  template <typename List, typename WriteOne>
  void Each(const List& list, WriteOne write) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) out_ += ",";
      write(list[i]);
    }
  }

  void Write(uint32_t id) {
    const Expression& e = syntax_.expressions[id];
    const auto number = [](uint32_t n) { return std::to_string(n); };
    switch (e.kind) {
      case Expression::Kind::kText:
        out_ += "{\"kind\":\"text\",\"codePoints\":[";
        Each(e.code_points, [&](uint32_t c) { out_ += number(c); });
        out_ += "]}";
        break;
      case Expression::Kind::kSet:
        out_ +=
            std::string("{\"kind\":\"set\",\"negated\":") + Bool(e.set.negated) + ",\"ranges\":[";
        Each(e.set.ranges,
             [&](CharRange r) { out_ += "[" + number(r.low) + "," + number(r.high) + "]"; });
        out_ += "]}";
        break;
      case Expression::Kind::kRule:
        out_ += "{\"kind\":\"rule\",\"rule\":" + std::to_string(syntax_.rule_of_name[e.name]) + "}";
        break;
      case Expression::Kind::kToken:
        out_ += std::string("{\"kind\":\"token\",\"negated\":") + Bool(e.negated) + ",\"text\":" +
                Quoted(e.token < 0 ? e.token_text : "<[" + std::to_string(e.token) + "]>") + "}";
        break;
      case Expression::Kind::kSequence:
        out_ += "{\"kind\":\"sequence\",\"parts\":[";
        Each(e.parts, [&](uint32_t part) { Write(part); });
        out_ += "]}";
        break;
      case Expression::Kind::kChoice:
        out_ += "{\"kind\":\"choice\",\"weights\":[";
        Each(e.weights, [&](double weight) { out_ += Number(weight); });
        out_ += "],\"parts\":[";
        Each(e.parts, [&](uint32_t part) { Write(part); });
        out_ += "]}";
        break;
      case Expression::Kind::kRepeat:
        out_ += "{\"kind\":\"repeat\",\"least\":" + number(e.least) +
                ",\"most\":" + (e.most == kUnbounded ? "null" : number(e.most));
        if (e.soft) out_ += ",\"aim\":" + Number(e.aim) + ",\"spread\":" + Number(e.spread);
        out_ += ",\"part\":";
        Write(e.parts[0]);
        out_ += "}";
        break;
    }
  }

  static const char* Bool(bool value) { return value ? "true" : "false"; }

  static std::string Number(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
  }

  static std::string Quoted(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      if (uint8_t(c) >= 0x20) {
        quoted += c;
        continue;
      }
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", unsigned(c));
      quoted += escaped;
    }
    return quoted + '"';
  }

  const Syntax& syntax_;
  std::string out_;
};

}  // namespace

std::string Describe(const Syntax& syntax) { return Writer(syntax).Run(); }

}  // namespace dramatis::grammar
