#include "record_reader.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "record_writer.h"

namespace csan::common {
namespace {

const std::string kRecords = CSAN_TESTDATA "/records/";

std::string Text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Finding> Golden(const std::string& name) {
  Records records = ReadRecordFile(kRecords + name);
  for (const std::string& problem : records.problems) ADD_FAILURE() << problem;
  return records.findings;
}

// What is wrong with a text, as "FILE:LINE: why" says it; empty if nothing is.
std::string ErrorOf(const std::string& text) {
  std::string errors;
  for (const std::string& problem : ReadRecords(text, "log.1").problems) errors += problem;
  return errors;
}

std::string Record() {
  const std::string text = Text(kRecords + "meter.jsonl");
  return text.substr(0, text.find('\n') + 1);
}

std::string Changed(const std::string& from, const std::string& to) {
  std::string record = Record();
  const size_t at = record.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return record.replace(at, from.size(), to);
}

TEST(RecordReader, EachFieldOfARaceIsRead) {
  const std::vector<Finding> findings = Golden("meter.jsonl");
  ASSERT_EQ(findings.size(), 2u);
  const Finding& race = findings[0];
  EXPECT_EQ(race.kind, "data-race");
  EXPECT_EQ(race.fingerprint, 0xf469819c4d7eff5cu);
  EXPECT_EQ(race.pid, 2418u);
  EXPECT_EQ(race.why, "the earlier access held lock 0x55e65b6df110, the other held none.");

  EXPECT_EQ(race.now.kind, Access::Kind::kWrite);
  EXPECT_EQ(race.now.address, 0x7b00000001f0u);
  EXPECT_EQ(race.now.size, 4u);
  EXPECT_EQ(race.now.actor, 2u);
  EXPECT_TRUE(race.now.locks.empty());
  ASSERT_TRUE(race.now.stack.kept);
  ASSERT_EQ(race.now.stack.frames.size(), 1u);
  const Frame& frame = race.now.stack.frames[0];
  EXPECT_EQ(frame.function, "Reset");
  EXPECT_EQ(frame.file, "/src/meter.c");
  EXPECT_EQ(frame.line, 13u);
  EXPECT_EQ(frame.column, 10u);
  EXPECT_EQ(frame.module, "/src/meter");
  EXPECT_EQ(frame.offset, 0x46afu);

  ASSERT_EQ(race.before.locks.size(), 1u);
  EXPECT_EQ(race.before.locks[0].address, 0x55e65b6df110u);
  EXPECT_TRUE(race.before.locks[0].write);
  ASSERT_EQ(race.before.locks[0].taken.frames.size(), 1u);
  EXPECT_EQ(race.before.locks[0].taken.frames[0].line, 7u);

  EXPECT_EQ(race.object.kind, Object::Kind::kHeap);
  EXPECT_EQ(race.object.begin, 0x7b00000001f0u);
  EXPECT_EQ(race.object.size, 4u);
  EXPECT_EQ(race.object.actor, 0u);
  EXPECT_FALSE(race.object.freed);
  EXPECT_EQ(race.object.allocated.frames.at(0).function, "main");

  ASSERT_EQ(race.actors.size(), 3u);
  EXPECT_EQ(race.actors[0].id, 2u);
  EXPECT_EQ(race.actors[0].os_id, 2421u);
  EXPECT_TRUE(race.actors[0].running);
  EXPECT_EQ(race.actors[0].parent, 0u);
  EXPECT_EQ(race.actors[0].created.frames.at(0).line, 22u);
  EXPECT_FALSE(race.actors[1].running);
  EXPECT_FALSE(race.actors[2].created.kept);

  EXPECT_EQ(findings[1].before.kind, Access::Kind::kFree);
  EXPECT_TRUE(findings[1].object.freed);
}

TEST(RecordReader, EdgesAreRead) {
  const std::vector<Finding> findings = Golden("edges.jsonl");
  ASSERT_EQ(findings.size(), 2u);
  const Finding& f = findings[0];
  EXPECT_EQ(f.fingerprint, ~uint64_t{0});
  EXPECT_EQ(f.now.kind, Access::Kind::kAtomicWrite);
  EXPECT_EQ(f.before.kind, Access::Kind::kAtomicRead);
  EXPECT_FALSE(f.before.stack.kept);
  EXPECT_FALSE(f.before.locks.at(0).write);
  EXPECT_EQ(f.now.stack.frames.at(0).file, "/src/Zürich/\\odd\tname.h");
  EXPECT_EQ(f.now.stack.frames.at(0).line, 4294967295u);
  EXPECT_EQ(f.object.kind, Object::Kind::kTls);
  EXPECT_EQ(f.object.size, ~uint64_t{0});
  EXPECT_TRUE(f.object.allocated.kept);
  EXPECT_EQ(f.actors.at(0).name, "ключ");
  // A kind that a newer detector adds does not change the schema.
  EXPECT_EQ(findings[1].kind, "a-kind-of-the-future");
  EXPECT_EQ(findings[1].object.kind, Object::Kind::kUnknown);
}

TEST(RecordReader, WhatIsWrittenAgainIsTheSame) {
  for (const char* name : {"meter.jsonl", "edges.jsonl", "schema1.jsonl"}) {
    std::string again;
    for (const Finding& finding : Golden(name)) again += ToJson(finding) + "\n";
    EXPECT_EQ(again, Text(kRecords + name));
  }
}

TEST(RecordReader, CountsOfContentionAreReadAndWritten) {
  const std::string counts = R"("contention":{"acquisitions":103,"contended":3,"wait_ms":304},)";
  const Records records = ReadRecords(Changed("\"why\"", counts + "\"why\""), "log.1");
  ASSERT_EQ(records.findings.size(), 1u);
  ASSERT_TRUE(records.findings[0].contention.has_value());
  EXPECT_EQ(records.findings[0].contention->acquisitions, 103u);
  EXPECT_EQ(records.findings[0].contention->contended, 3u);
  EXPECT_EQ(records.findings[0].contention->wait_ms, 304u);
  EXPECT_NE(ToJson(records.findings[0]).find(counts), std::string::npos);
  EXPECT_FALSE(Golden("meter.jsonl")[0].contention.has_value());
}

TEST(RecordReader, RecordsOfSchema1HaveNoModules) {
  const std::vector<Finding> old = Golden("schema1.jsonl");
  ASSERT_EQ(old.size(), 2u);
  EXPECT_EQ(old[0].schema, 1u);
  EXPECT_TRUE(old[0].modules.empty());
  const std::vector<Finding> now = Golden("meter.jsonl");
  ASSERT_EQ(now.at(0).modules.size(), 1u);
  EXPECT_EQ(now[0].modules[0].path, now[0].now.stack.frames.at(0).module);
  EXPECT_EQ(now[0].modules[0].build_id.view().size(), 40u);
  EXPECT_EQ(ErrorOf(Changed(",\"modules\":[", ",\"mödules\":[")),
            "log.1:1: missing value at record.modules.");
}

TEST(RecordReader, AProblemCostsNoOtherRecord) {
  const std::string good = Record();
  const Records records =
      ReadRecords(good + "x\n" + good + "{}\n" + good + good.substr(0, 90), "l");
  EXPECT_EQ(records.findings.size(), 3u);
  ASSERT_EQ(records.problems.size(), 3u);
  EXPECT_EQ(records.problems[0].substr(0, 4), "l:2:");
  EXPECT_EQ(records.problems[1].substr(0, 4), "l:4:");
  EXPECT_EQ(records.problems[2].substr(0, 4), "l:6:");
}

TEST(RecordReader, EmptyTextsAndLinesHoldNoRecord) {
  EXPECT_EQ(ErrorOf(""), "");
  EXPECT_EQ(ErrorOf("\n \r\n\n"), "");
  EXPECT_EQ(ReadRecords("\n" + Record() + "\r\n\n", "log.1").findings.size(), 1u);
}

TEST(RecordReader, FieldsThatAreNotKnownAreIgnored) {
  EXPECT_EQ(ErrorOf(Changed("\"pid\":", "\"seed\":[1,{}],\"pid\":")), "");
}

TEST(RecordReader, ANewerSchemaIsNamedInOneSentence) {
  EXPECT_EQ(ErrorOf(Changed("\"schema\":2", "\"schema\":3")),
            "log.1:1: the record has schema 3, these tools read up to 2: use the tools of the CSan "
            "that wrote it.");
  // Even when nothing else is as it was.
  EXPECT_NE(ErrorOf("{\"schema\":7}\n").find("has schema 7"), std::string::npos);
}

TEST(RecordReader, MistakesAreNamedWithFileLineAndField) {
  EXPECT_EQ(ErrorOf("\n\nWARNING: CSan: data race\n"),
            "log.1:3: this is not JSON: Invalid JSON value at column 1.");
  EXPECT_EQ(ErrorOf("[1]\n"), "log.1:1: this is not a record: a record is a JSON object.");
  EXPECT_EQ(ErrorOf(Record() + "{}\n"),
            "log.1:2: this is not a record: it has no number named \"schema\".");
  EXPECT_EQ(ErrorOf("{\"schema\":0}\n"),
            "log.1:1: this is not a record: it has no number named \"schema\".");
  EXPECT_EQ(ErrorOf(Changed("\"pid\":2418,", "")), "log.1:1: missing value at record.pid.");
  EXPECT_EQ(ErrorOf(Changed("\"pid\":2418", "\"pid\":\"2418\"")),
            "log.1:1: expected a whole number from 0 on at record.pid.");
  EXPECT_EQ(ErrorOf(Changed("\"pid\":2418", "\"pid\":-1")),
            "log.1:1: expected a whole number from 0 on at record.pid.");
  EXPECT_EQ(ErrorOf(Changed("\"access\":\"write\"", "\"access\":\"jump\"")),
            "log.1:1: expected read, write, atomic read, atomic write or free at "
            "record.now.access.");
  EXPECT_EQ(ErrorOf(Changed("\"kind\":\"heap\"", "\"kind\":3")),
            "log.1:1: expected unknown, global, heap, stack or tls at record.object.kind.");
  EXPECT_EQ(ErrorOf(Changed("\"0x46af\"", "\"46af\"")),
            "log.1:1: expected a string of hexadecimal digits after 0x at "
            "record.now.stack[0].offset.");
  EXPECT_EQ(ErrorOf(Changed("\"0x46af\"", "\"0x\"")), ErrorOf(Changed("\"0x46af\"", "18095")));
  EXPECT_EQ(ErrorOf(Changed("\"0x46af\"", "\"0x10000000000000000\"")),
            ErrorOf(Changed("\"0x46af\"", "\"0x46ag\"")));
  EXPECT_EQ(ErrorOf(Changed("\"stack\":[{", "\"stack\":[7,{")),
            "log.1:1: expected an object at record.now.stack[0].");
}

TEST(RecordReader, ARecordThatWasCutOffSaysSo) {
  const std::string half = Record().substr(0, 200);
  EXPECT_NE(ErrorOf(Record() + half).find("log.1:2: this is not JSON"), std::string::npos);
  EXPECT_NE(ErrorOf(half).find("was the program killed as it wrote?"), std::string::npos);
  EXPECT_EQ(ErrorOf(half + "\n").find("killed"), std::string::npos);
  // The end of the line alone is no loss.
  EXPECT_EQ(ErrorOf(Record().substr(0, Record().size() - 1)), "");
}

TEST(RecordReader, DeepNestingIsAMistakeAndNoCrash) {
  const std::string brackets(1 << 20, '[');
  EXPECT_EQ(ErrorOf(brackets + "\n"),
            "log.1:1: this is not a record: it is nested more than 16 deep.");
  // Brackets in a name are none.
  EXPECT_EQ(ErrorOf(Changed("\"Reset\"", "\"\\\"[[[[[[[[[[[[[[[[[[{{\"")), "");
}

TEST(RecordReader, AFileThatIsNotThereIsNamed) {
  const Records records = ReadRecordFile("/no/such/log.1");
  ASSERT_EQ(records.problems.size(), 1u);
  EXPECT_EQ(records.problems[0], "/no/such/log.1: cannot be read: No such file or directory.");
}

}  // namespace
}  // namespace csan::common
