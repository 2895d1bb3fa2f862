package report

// Engine is the version of the program: one of the four inputs of every result.
const Engine = "0.1.0"
