import { z } from 'zod'

// The page may not compile code from text (its policy refuses it), and schemas decide when they are made whether to try.
// So this module is imported before any that makes one.
z.config({ jitless: true })
