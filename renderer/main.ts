import './zodWithoutEval.js'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { provideLink } from './composables/useLink.js'
import { connectLab } from './link/index.js'
import { createPages } from './router.js'
import './styles/index.css'

// The link takes the token out of the address, so it comes before the router reads it.
const link = connectLab()
const app = createApp(App)
provideLink(app, link)
app.use(createPinia()).use(createPages())
app.mount('#app')
