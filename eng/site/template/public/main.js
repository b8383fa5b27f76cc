// A block without a language is plain text. Otherwise its language would be guessed.
export default { configureHljs: hljs => hljs.configure({ languages: [] }) }
