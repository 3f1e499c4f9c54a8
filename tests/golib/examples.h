// What the examples in the headers take for granted.
#pragma once

#include <csan/go.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

using Page = std::string;

extern csan::Chan<int> requests, results;
extern std::vector<csan::Chan<int>> chans;
extern csan::Chan<csan::Unit> ended, stop;
extern csan::Context context;
extern csan::CancelFunction cancel;
extern std::deque<int> queue;
extern std::map<int, int> table;
extern std::string config, url;
extern std::vector<std::string> files, parts, urls;
extern int counter, next;

void Add(int a, int b);
void Compress(const std::string& file);
Page Fetch(const std::string& url);
Page Fetch(const csan::Context& context, const std::string& url);
void Print(const std::map<int, int>& table);
void Query();
std::string ReadConfig();
int Work();
void Work(std::string& part);
