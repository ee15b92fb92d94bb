/** What is asked: eight questions of different kinds. */
export const questions = [
  "What is the capital of France, and why is it known all over the world?",
  "Write a short story about a robot that learns to paint.",
  "Explain how rain is made.",
  "List five healthy breakfasts.",
  "How do I write a loop in Python?",
  "请介绍一下长江。",
  "What is 17 plus 25? Show the steps.",
  "Translate into Chinese: I would like a cup of tea, please."
]
